import { Dialog } from "@/ui/dialog";

const shortcuts: readonly (readonly [string, string])[] = [
  ["Ctrl K", "Find an experiment or a run"],
  ["/", "Go to the filter or search field"],
  ["h", "All experiments"],
  ["?", "This list"],
  ["↑ ↓ ← →", "Move in the table of runs"],
  ["Space", "Select the run of the row"],
  ["Enter", "Open the run of the row"],
  ["f", "Filter by a value of the row"],
  ["s", "Star the run of the row"],
  ["Alt + ← →", "Move the column of the header that has the focus"],
  ["Shift + click on a header", "Sort by one more column"],
  ["Shift + click on a box", "Select every run in between"],
  ["Drag in a chart", "Zoom; a double click shows all again"],
  ["Esc", "Close a list or a dialog, empty a search field"],
];

export function Shortcuts({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title="Keyboard and mouse">
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-6 gap-y-2.5">
        {shortcuts.map(([press, meaning]) => (
          <div key={press} className="contents">
            <dt>
              <kbd className="rounded-sm border border-line-strong bg-sunken px-1.5 py-0.5 font-sans text-xs">
                {press}
              </kbd>
            </dt>
            <dd className="text-ink-2">{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
