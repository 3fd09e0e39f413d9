import { Star as Sign } from "lucide-react";
import { type StarKind, setStar, useStars } from "@/api/stars";
import { cx } from "./classes";
import { notifyError } from "./toast";

/** Marks something to find it again quickly; a second click takes the mark away. */
export function StarButton({
  kind,
  id,
  name,
  tabIndex,
  className,
}: {
  kind: StarKind;
  id: string;
  name: string;
  /** -1 where the row around it has the focus and a key of its own. */
  tabIndex?: number;
  className?: string;
}) {
  const stars = useStars(kind);
  const starred = stars.data?.includes(id) ?? false;
  const label = starred ? `Take the star from ${name}` : `Star ${name}`;
  return (
    <button
      type="button"
      tabIndex={tabIndex}
      aria-pressed={starred}
      aria-label={label}
      title={label}
      disabled={!stars.data}
      onClick={() => setStar(kind, id, !starred).catch((cause) => notifyError("The star was not kept", cause))}
      className={cx(
        "grid size-7 shrink-0 place-items-center rounded-md text-ink-3 hover:bg-hover hover:text-ink",
        className,
      )}
    >
      <Sign className={cx("size-4", starred && "fill-star text-star")} />
    </button>
  );
}
