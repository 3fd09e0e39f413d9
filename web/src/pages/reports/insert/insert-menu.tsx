import { ChartLine, CirclePlay, Gauge, Image, Plus, Table2 } from "lucide-react";
import { useState } from "react";
import { Button } from "@/ui/button";
import { Menu, MenuItem } from "@/ui/menu";
import type { Block } from "../blocks/block";
import { InsertDialog } from "./insert-dialog";

const kinds = [
  ["chart", "Chart", ChartLine],
  ["table", "Table of runs", Table2],
  ["run", "Run", CirclePlay],
  ["metric", "Metric value", Gauge],
  ["image", "Picture", Image],
] as const;

/** Puts a block where the cursor stands. */
export function InsertMenu({
  experimentId,
  onInsert,
}: {
  experimentId: string | undefined;
  onInsert: (block: Record<string, unknown>) => void;
}) {
  const [kind, setKind] = useState<Block["kind"]>();
  return (
    <>
      <Menu
        trigger={
          <Button>
            <Plus />
            Insert
          </Button>
        }
      >
        {kinds.map(([id, label, Sign]) => (
          <MenuItem key={id} onSelect={() => setKind(id)}>
            <Sign />
            {label}
          </MenuItem>
        ))}
      </Menu>
      {kind && (
        <InsertDialog
          kind={kind}
          title={kinds.find(([id]) => id === kind)?.[1] ?? ""}
          experimentId={experimentId}
          onClose={() => setKind(undefined)}
          onInsert={(block) => {
            setKind(undefined);
            onInsert(block);
          }}
        />
      )}
    </>
  );
}
