import type { SplitName } from "@/charts/prepare/names";

/**
 * A name that gives up its head before its tail. Its parent gives it the width: where a sign of the head and its ellipsis have no room, the
 * head goes to a second line, which is not shown.
 */
export const RunName = ({ name, parts }: { name: string; parts: SplitName | undefined }) => (
  <span className="flex h-[1lh] min-w-0 flex-wrap-reverse content-end overflow-hidden">
    {parts?.head && <span className="max-w-max grow basis-[1.5em] truncate whitespace-pre">{parts.head}</span>}
    <span className="min-w-0 max-w-full truncate whitespace-pre">{parts?.tail ?? name}</span>
  </span>
);
