import { Dialog } from "@/ui/dialog";

type Shortcut = readonly [press: string, meaning: string];

const groups: readonly (readonly [name: string, shortcuts: readonly Shortcut[]])[] = [
  [
    "Everywhere",
    [
      ["Ctrl K", "Find an experiment or a run"],
      ["/", "Go to the filter or search field"],
      ["h", "All experiments"],
      ["?", "This list"],
      ["Esc", "Close a list or a dialog, empty a search field"],
    ],
  ],
  [
    "Table of runs",
    [
      ["↑ ↓ ← →", "Move in the table of runs"],
      ["Space", "Select the run of the row"],
      ["Enter", "Open the run of the row"],
      ["f", "Filter by a value of the row"],
      ["s", "Star the run of the row"],
      ["Alt + ← →", "Move the column of the header that has the focus"],
      ["Shift + click on a header", "Sort by one more column"],
      ["Shift + click on a box", "Select every run in between"],
    ],
  ],
  [
    "Rows of a file",
    [
      ["Enter", "Show the exact value of the first cell; ← → go on from there"],
      ["Ctrl C", "Copy the value that is shown, or else the row"],
    ],
  ],
  [
    "The panel that has the focus",
    [
      ["Alt + ↑ ↓ ← →", "Move it"],
      ["Shift + ↑ ↓ ← →", "Make it larger or smaller"],
      ["Enter", "Enlarge it to the window"],
      ["e", "Its settings"],
      ["p", "Pin it to the top, or not any more"],
      ["Delete", "Hide or remove it"],
    ],
  ],
  [
    "Curves",
    [
      ["Drag", "Zoom; a double click shows all again"],
      ["Shift + drag", "Move what is zoomed"],
      ["← →", "Move, when the curves have the focus"],
      ["+ − 0", "Zoom in, zoom out, show all"],
    ],
  ],
];

export function Shortcuts({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title="Keyboard and mouse" wide>
      <div className="columns-1 gap-x-12 lg:columns-2">
        {groups.map(([name, shortcuts]) => (
          <section key={name} className="break-inside-avoid pb-6">
            <h3 className="pb-2 text-xs font-semibold text-ink-2">{name}</h3>
            <dl className="grid grid-cols-[11rem_1fr] items-baseline gap-x-4 gap-y-2">
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
          </section>
        ))}
      </div>
    </Dialog>
  );
}
