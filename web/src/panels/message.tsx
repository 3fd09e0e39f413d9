/** Why a panel shows nothing, in its place. */
export const PanelMessage = ({ text, height, bad = false }: { text: string; height: number; bad?: boolean }) => (
  <p
    style={{ height }}
    role={bad ? "alert" : undefined}
    className={`grid place-items-center px-6 text-center text-xs text-balance ${bad ? "text-bad" : "text-ink-3"}`}
  >
    {text}
  </p>
);
