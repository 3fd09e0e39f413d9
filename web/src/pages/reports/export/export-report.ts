import type { ReportVersion } from "@/api/types";
import { formatTime } from "@/state/format";
import { pageOf, styleText } from "./page";

const patience = 20_000;

/** Saves what is on the screen as one file that needs neither this server nor a network. Answers how many blocks were not ready. */
export async function exportReport(article: HTMLElement, reportId: string, version: ReportVersion): Promise<number> {
  const left = await settled(article);
  const copy = await copyOf(article);
  const html = pageOf({
    title: version.title,
    body: copy.outerHTML,
    style: styleText([...document.styleSheets]),
    theme: document.documentElement.dataset.theme ?? "light",
    origin: `Report ${reportId}, version ${version.number}, exported from ${window.location.origin} on ${formatTime(Date.now())}. Charts, tables and values are those of that moment.`,
  });
  save(html, `${fileName(version.title)}-v${version.number}.html`);
  return left;
}

/** Scrolls through the report, so that what draws only when it is seen is drawn, and waits until nothing is under way. */
async function settled(article: HTMLElement): Promise<number> {
  const busy = () => article.querySelectorAll("[aria-busy=true], [data-pending]").length;
  const place = window.scrollY;
  const end = performance.now() + patience;
  for (const figure of article.querySelectorAll("figure")) {
    figure.scrollIntoView({ block: "center", behavior: "instant" });
    await frame();
    await frame();
  }
  while (busy() > 0 && performance.now() < end) await frame();
  window.scrollTo({ top: place, behavior: "instant" });
  return busy();
}

const frame = () => new Promise<void>((resolve) => requestAnimationFrame(() => resolve()));

/** The article without what only works here; pictures and canvases as data. */
async function copyOf(article: HTMLElement): Promise<HTMLElement> {
  const copy = article.cloneNode(true) as HTMLElement;
  const canvases = [...article.querySelectorAll("canvas")];
  for (const [index, canvas] of [...copy.querySelectorAll("canvas")].entries()) {
    const drawn = canvases[index];
    if (drawn) canvas.replaceWith(pictureOf(drawn));
  }
  const images = [...article.querySelectorAll("img")];
  await Promise.all(
    [...copy.querySelectorAll("img")].map(async (image) => {
      const shown = images.find((one) => one.src === image.src);
      if (!image.src.startsWith("data:") && shown) image.src = await dataOf(shown.src);
    }),
  );
  for (const link of copy.querySelectorAll("a")) {
    link.href = new URL(link.getAttribute("href") ?? "", window.location.href).href;
    link.rel = "noopener noreferrer";
  }
  for (const dead of copy.querySelectorAll("[data-screen-only], button, script, [hidden]")) dead.remove();
  for (const busy of copy.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
  return copy;
}

function pictureOf(canvas: HTMLCanvasElement): HTMLImageElement {
  const image = document.createElement("img");
  image.src = canvas.toDataURL("image/png");
  image.alt = "";
  image.className = canvas.className;
  image.style.cssText = canvas.style.cssText;
  return image;
}

async function dataOf(address: string): Promise<string> {
  const blob = await (await fetch(address)).blob();
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

const fileName = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 80) || "report";

function save(html: string, name: string): void {
  const address = URL.createObjectURL(new Blob([html], { type: "text/html" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // Chromium reads the address after the click; a minute is plenty.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
