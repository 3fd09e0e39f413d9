import { useMemo } from "react";
import { colourCount } from "@/charts/prepare/colours";
import type { Look } from "@/panels/prepare/plots";
import { useTheme } from "@/state/theme";

/** The tokens of the theme that is on, for what is drawn on a canvas. */
export function useLook(): Look {
  const theme = useTheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tokens are others when the theme is
  return useMemo(() => {
    const style = getComputedStyle(document.documentElement);
    const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
    return {
      ink: token("ink"),
      ink2: token("ink-2"),
      ink3: token("ink-3"),
      line: token("line"),
      surface: token("surface"),
      raised: token("raised"),
      accent: token("accent"),
      series: Array.from({ length: colourCount }, (_, at) => token(`series-${at}`)),
    };
  }, [theme]);
}
