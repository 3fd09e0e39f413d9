import { FileDown, Settings2 } from "lucide-react";
import type { Lifecycle } from "@/api/types";
import { digitChoices, type GroupFigure, groupFigures, type TableSettings } from "@/table/settings";
import { Button } from "@/ui/button";
import { Menu, MenuCheck, MenuChoice, MenuItem, MenuLabel, MenuLine } from "@/ui/menu";
import type { ExportFormat } from "./export";

interface TableMenuProps {
  settings: TableSettings;
  lifecycle: Lifecycle;
  onLifecycle: (lifecycle: Lifecycle) => void;
  grouped: boolean;
  onChange: (change: Partial<TableSettings>) => void;
  onExport: (format: ExportFormat) => void;
}

const figureNames: Record<GroupFigure, string> = {
  mean: "Mean and deviation",
  median: "Median",
  min: "Least",
  max: "Greatest",
  best: "Best run",
};

/** How the table shows what it shows, and the table as a file. */
export function TableMenu({ settings, lifecycle, grouped, onChange, onLifecycle, onExport }: TableMenuProps) {
  return (
    <Menu
      trigger={
        <Button aria-label="Settings of the table" title="Settings of the table" className="w-8 px-0">
          <Settings2 />
        </Button>
      }
    >
      <MenuLabel>Runs that are</MenuLabel>
      <MenuChoice
        value={lifecycle}
        onChange={onLifecycle}
        options={[
          ["active", "Active"],
          ["archived", "Archived"],
          ["deleted", "Deleted"],
        ]}
      />
      <MenuLine />
      <MenuCheck checked={settings.hideConstant} onChange={(hideConstant) => onChange({ hideConstant })}>
        Hide columns without differences
      </MenuCheck>
      <MenuCheck checked={settings.highlight} onChange={(highlight) => onChange({ highlight })}>
        Highlight differences
      </MenuCheck>
      <MenuLine />
      <MenuLabel>Significant digits</MenuLabel>
      <MenuChoice
        value={String(settings.digits)}
        onChange={(digits) => onChange({ digits: Number(digits) })}
        options={digitChoices.map((one) => [String(one), one > 15 ? "All" : String(one)] as const)}
      />
      {grouped && (
        <>
          <MenuLine />
          <MenuLabel>Cells of groups show</MenuLabel>
          <MenuChoice
            value={settings.figure}
            onChange={(figure) => onChange({ figure })}
            options={groupFigures.map((one) => [one, figureNames[one]] as const)}
          />
        </>
      )}
      <MenuLine />
      <MenuItem onSelect={() => onExport("csv")}>
        <FileDown />
        Export all as CSV
      </MenuItem>
      <MenuItem onSelect={() => onExport("parquet")}>
        <FileDown />
        Export all as Parquet
      </MenuItem>
    </Menu>
  );
}
