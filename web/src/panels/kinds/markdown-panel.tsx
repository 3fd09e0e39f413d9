import { PanelMessage } from "@/panels/message";
import type { PanelProps } from "@/panels/page-context";
import { Markdown } from "@/ui/markdown";

/** A note between the other panels. */
export default function MarkdownPanel({ settings, height }: PanelProps<"markdown">) {
  if (!settings.text) return <PanelMessage text="Write a note in the settings of this panel" height={height} />;
  return (
    <div style={{ height }} className="overflow-auto px-4 pb-3">
      <Markdown text={settings.text} />
    </div>
  );
}
