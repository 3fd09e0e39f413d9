import { useEffect, useMemo, useState } from "react";
import { useComparedMedia } from "@/api/media";
import { failureOf } from "@/api/queries";
import { SideBySide, StepSlider } from "@/media/side-by-side";
import { PanelMessage } from "@/panels/message";
import { type PanelProps, usePanelPage } from "@/panels/page-context";
import { describeMedia } from "@/panels/prepare/describe-media";
import { isLight, type KeyOfMedia, leastWidth } from "@/panels/prepare/media-keys";
import { formatCount } from "@/state/format";
import { Button } from "@/ui/button";
import { Skeleton } from "@/ui/state-views";
import { Foot, footHeight } from "./run-wise";

const atOnce = 24;

/** What the runs of the page have under one key, side by side at one step. */
export default function MediaPanel(props: PanelProps<"media">) {
  const { media, runs } = usePanelPage();
  const { settings, height } = props;
  const known = media.find(({ key }) => key === settings.key);
  if (settings.key === undefined)
    return (
      <PanelMessage
        text={media.length === 0 ? "These runs logged nothing to look at" : "Choose a key in the settings"}
        height={height}
      />
    );
  if (!known || runs.length === 0)
    return <PanelMessage text={`None of these runs has anything under ${settings.key}`} height={height} />;
  return <AtStep key={settings.key} {...props} media={known} />;
}

function AtStep({ settings, height, full, onChange, media }: PanelProps<"media"> & { media: KeyOfMedia }) {
  const { source, runs, styles } = usePanelPage();
  const { firstStep, lastStep, key } = media;
  const [dragged, setDragged] = useState<number>();
  const [most, setMost] = useState(atOnce);
  const step = dragged ?? settings.step;
  const asked = useSettled(step, 120);
  const looked = isLight(media) ? runs : runs.slice(0, most);
  const ids = useMemo(() => looked.map((run) => run.id), [looked]);
  const names = useMemo(() => new Map(runs.map((run) => [run.id, run.name])), [runs]);
  const answer = useComparedMedia(ids, key, asked);
  const failure = failureOf(answer);
  if (failure) return <PanelMessage text={`Could not be read. ${failure.message}`} height={height} bad />;
  if (!answer.data) return <Skeleton className="mx-3 h-[calc(100%-1rem)]" />;
  const filled = answer.data.filter(({ items }) => items.length > 0);
  const empty = answer.data.filter(({ items }) => items.length === 0);
  const shown = filled.slice(0, most);
  const left = Math.max(filled.length - shown.length, runs.length - looked.length);
  const note = describeMedia({
    source,
    runs: runs.length,
    looked: looked.length,
    found: filled.length,
    missing: empty.length,
    shown: shown.length,
    step,
  });
  const lacking = empty.map(({ runId }) => names.get(runId) ?? runId).join(", ");
  const done = () => {
    if (dragged === undefined) return;
    setDragged(undefined);
    const { step: _, ...others } = settings;
    onChange(dragged >= lastStep ? others : { ...others, step: dragged });
  };
  return (
    <>
      <section
        tabIndex={0}
        aria-label={`${key} of ${note}`}
        style={{ height: height - footHeight }}
        className="overflow-y-auto px-3 pb-1 -outline-offset-2"
      >
        {shown.length === 0 ? (
          <PanelMessage text={note} height={height - footHeight - 4} />
        ) : (
          <SideBySide
            found={shown}
            names={names}
            styles={styles}
            columns={settings.columns}
            least={full ? Math.max(240, leastWidth(media)) : leastWidth(media)}
            old={answer.isPlaceholderData || asked !== step}
            tile={Math.max(120, height - footHeight - 70)}
            className={full ? "gap-3" : "gap-2"}
          />
        )}
        {left > 0 && (
          <Button look="ghost" className="mt-2" onClick={() => setMost(most + atOnce)}>
            Show more, {formatCount(left)} left
          </Button>
        )}
      </section>
      <Foot>
        {lastStep > firstStep && (
          <StepSlider
            name={key}
            least={firstStep}
            most={lastStep}
            at={Math.min(lastStep, Math.max(firstStep, step ?? lastStep))}
            onStep={setDragged}
            onDone={done}
            className="max-w-80 grow basis-1/2"
          />
        )}
        {step !== undefined && (
          <button
            type="button"
            onClick={() => {
              setDragged(undefined);
              const { step: _, ...others } = settings;
              onChange(others);
            }}
            className="shrink-0 rounded-sm text-accent hover:underline"
          >
            Newest
          </button>
        )}
        <span className="ml-auto min-w-0 truncate" title={lacking ? `${note}: ${lacking}` : note}>
          {note}
        </span>
      </Foot>
    </>
  );
}

/** A value once it stays for some time, so that a slider does not ask for each step that it passes. */
function useSettled<T>(value: T, milliseconds: number): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return rested;
}
