import source from "plotly.js-dist-min/plotly.min.js?url";
import { useMemo } from "react";
import { useTheme } from "@/state/theme";
import { framedPage, inScript } from "./frame";
import type { PlotlyFigure } from "./plotly";
import { ScriptFrame } from "./script-frame";

/** Draws a figure in a frame of its own, which has no way to this page or the network; the program is read when the first one is shown. */
export default function PlotlyFrame({ figure, title }: { figure: PlotlyFigure; title: string }) {
  const theme = useTheme();
  const page = useMemo(() => {
    const dark = theme === "dark";
    const base = dark
      ? { paper_bgcolor: "#191918", plot_bgcolor: "#191918", font: { color: "#eeedea" } }
      : { paper_bgcolor: "#ffffff", plot_bgcolor: "#ffffff", font: { color: "#1d1c1a" } };
    const { width: _, height: __, ...layout } = figure.layout;
    const shown = { data: figure.data, layout: { ...base, ...layout, autosize: true } };
    const program = new URL(source, window.location.href);
    return framedPage(
      `<style>html,body,#f{margin:0;height:100%;background:${base.paper_bgcolor}}p{font:13px sans-serif;padding:16px;color:${base.font.color}}</style>
<div id="f"><p>Drawing…</p></div><script src="${program.href}"></script><script>
const figure = ${inScript(shown)};
try {
  document.getElementById("f").replaceChildren();
  Plotly.newPlot("f", figure.data, figure.layout, { responsive: true, displaylogo: false }).catch(failed);
} catch (cause) { failed(cause); }
function failed(cause) {
  const said = document.createElement("p");
  said.textContent = "The figure could not be drawn: " + (cause && cause.message || cause);
  document.body.replaceChildren(said);
}
</script>`,
      `${program.origin}${program.pathname} 'unsafe-inline' 'unsafe-eval'`,
    );
  }, [figure, theme]);
  return <ScriptFrame page={page} title={title} className="block h-full min-h-80 w-full" />;
}
