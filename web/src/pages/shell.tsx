import { Link, Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { CircleHelp, List as ListIcon, Monitor, Moon, Search, Sun } from "lucide-react";
import { type ReactNode, useEffect, useState, useSyncExternalStore } from "react";
import { useLiveState } from "@/api/follow";
import { useServer } from "@/api/queries";
import { chooseTheme, type ThemeChoice, useThemeChoice } from "@/state/theme";
import { IconButton } from "@/ui/button";
import { cx } from "@/ui/classes";
import { Menu, MenuChoice, MenuItem } from "@/ui/menu";
import { Tip, TipProvider } from "@/ui/tip";
import { Toaster } from "@/ui/toast";
import { Palette } from "./palette";
import { Shortcuts } from "./shortcuts";

export interface Crumb {
  text: string;
  to?: ReactNode;
}

let crumbs: ReactNode = null;
const crumbListeners = new Set<() => void>();

/** Puts the place of a page into the top bar and the title of the tab. */
export function useCrumbs(title: string, trail: ReactNode): void {
  useEffect(() => {
    crumbs = trail;
    document.title = title === "" ? "Runstone" : `${title} · Runstone`;
    for (const listener of crumbListeners) listener();
  });
}

function subscribe(listener: () => void): () => void {
  crumbListeners.add(listener);
  return () => crumbListeners.delete(listener);
}

export function Shell() {
  const trail = useSyncExternalStore(subscribe, () => crumbs);
  const [dialog, setDialog] = useState<"palette" | "shortcuts">();
  const navigate = useNavigate();

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setDialog("palette");
        return;
      }
      const target = event.target as HTMLElement;
      if (
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        target.closest("input, textarea, select, [contenteditable], [role=dialog], [role=menu]")
      )
        return;
      if (event.key === "?") setDialog("shortcuts");
      else if (event.key === "/") {
        const field = document.querySelector<HTMLInputElement>("[data-shortcut='/'] input");
        if (!field) return;
        event.preventDefault();
        field.focus();
      } else if (event.key === "h") void navigate({ to: "/" });
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [navigate]);

  return (
    <TipProvider>
      <a
        href="#main"
        className="sr-only z-50 rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the content
      </a>
      <header className="sticky top-0 z-30 flex h-12 items-center gap-2 border-b border-line bg-surface px-3 sm:px-5">
        <Link
          to="/"
          className="flex shrink-0 items-center gap-2 rounded-md font-semibold"
          aria-label="Runstone, all experiments"
        >
          <img src="/favicon.svg" alt="" className="size-6" />
          <span className="hidden sm:inline">Runstone</span>
        </Link>
        <Sections />
        <nav
          aria-label="Place"
          className="flex min-w-0 items-center gap-2 border-line text-sm text-ink-2 md:not-empty:border-l md:not-empty:pl-3 [&>[data-slash]:first-child]:hidden"
        >
          {trail}
        </nav>
        <span className="grow" />
        <LiveSign />
        <button
          type="button"
          onClick={() => setDialog("palette")}
          className="flex h-8 items-center gap-2 rounded-md px-2 text-sm text-ink-3 transition-colors hover:bg-hover hover:text-ink sm:border sm:border-line sm:pr-1.5"
        >
          <Search className="size-4" />
          <span className="sr-only w-28 text-left lg:not-sr-only">Find…</span>
          <kbd className="hidden rounded-sm border border-line bg-sunken px-1 font-sans text-2xs sm:inline">Ctrl K</kbd>
        </button>
        <ThemeMenu />
        <IconButton label="Keyboard shortcuts" onClick={() => setDialog("shortcuts")} className="hidden sm:inline-flex">
          <CircleHelp />
        </IconButton>
      </header>
      <main id="main" tabIndex={-1} className="outline-none">
        <Outlet />
      </main>
      <Palette open={dialog === "palette"} onClose={() => setDialog(undefined)} />
      <Shortcuts open={dialog === "shortcuts"} onClose={() => setDialog(undefined)} />
      <Toaster />
    </TipProvider>
  );
}

const sections = [
  { to: "/", label: "Experiments", pages: /^\/($|experiments|runs|compare)/ },
  { to: "/reports", label: "Reports", pages: /^\/reports/ },
] as const;

/** The parts of the product: beside the name where there is room, in a menu where there is not. */
function Sections() {
  const navigate = useNavigate();
  const path = useLocation({ select: (location) => location.pathname });
  return (
    <>
      <nav aria-label="Sections" className="hidden items-center gap-0.5 md:flex">
        {sections.map(({ to, label, pages }) => (
          <Link
            key={to}
            to={to}
            activeOptions={{ exact: true, includeSearch: false }}
            className={cx(
              "rounded-md px-2 py-1 text-sm transition-colors hover:bg-hover hover:text-ink",
              pages.test(path) ? "font-medium text-ink" : "text-ink-2",
            )}
          >
            {label}
          </Link>
        ))}
      </nav>
      <div className="md:hidden">
        <Menu
          align="start"
          trigger={
            <button
              type="button"
              aria-label="Sections"
              className="grid size-8 place-items-center rounded-md text-ink-2"
            >
              <ListIcon className="size-4" />
            </button>
          }
        >
          {sections.map(({ to, label }) => (
            <MenuItem key={to} onSelect={() => void navigate({ to })}>
              {label}
            </MenuItem>
          ))}
        </Menu>
      </div>
    </>
  );
}

/** Nothing while all is well; a lost connection is said, with what happens next. */
function LiveSign() {
  const state = useLiveState();
  const server = useServer();
  if (state === "lost")
    return (
      <span
        role="status"
        className="flex items-center gap-2 whitespace-nowrap rounded-md bg-warn-soft px-2 py-1 text-xs font-medium text-warn"
      >
        <span className="size-2 animate-breathe rounded-full bg-warn" />
        <span className="hidden sm:inline">Connection lost, trying again</span>
        <span className="sm:hidden">Offline</span>
      </span>
    );
  if (state !== "open") return null;
  return (
    <Tip text={`Changes appear by themselves. Server ${server.data?.version ?? ""}, ${server.data?.store ?? ""}`}>
      <button
        type="button"
        className="hidden cursor-default items-center gap-1.5 rounded-md px-2 py-1 text-xs text-ink-3 sm:flex"
      >
        <span className="size-1.5 rounded-full bg-ok" />
        Live
      </button>
    </Tip>
  );
}

const themes: readonly (readonly [ThemeChoice, string])[] = [
  ["system", "Like the system"],
  ["light", "Light"],
  ["dark", "Dark"],
];

function ThemeMenu() {
  const choice = useThemeChoice();
  const Sign = choice === "dark" ? Moon : choice === "light" ? Sun : Monitor;
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label="Colours"
          className="grid size-8 place-items-center rounded-md text-ink-2 transition-colors hover:bg-hover hover:text-ink"
        >
          <Sign className="size-4" />
        </button>
      }
    >
      <MenuChoice value={choice} onChange={chooseTheme} options={themes} />
    </Menu>
  );
}
