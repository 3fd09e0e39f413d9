import type { Frame, SeriesRef } from "@/api/types";

export interface Curve {
  /** Of an SVG of 100 by 100 units. */
  path: string;
  first: number;
  last: number;
  points: number;
}

type Load = (series: SeriesRef[], signal: AbortSignal) => Promise<Frame[]>;

const perRequest = 1000;

/** The small curves of a table: those of the rows on the screen are read together, and so many are kept. */
export class CurveStore {
  readonly #load: Load;
  readonly #most: number;
  /** By run and metric, the least recently wanted first; nothing for a series that does not exist. */
  readonly #curves = new Map<string, { curve: Curve | undefined; stale: boolean }>();
  readonly #listeners = new Set<() => void>();
  #asked: AbortController | undefined;
  #version = 0;

  constructor(load: Load, most = 4000) {
    this.#load = load;
    this.#most = most;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly version = (): number => this.#version;

  /** The curve; null when the run has none, undefined while it is not known. */
  get(runId: string, key: string): Curve | null | undefined {
    const known = this.#curves.get(nameOf(runId, key));
    return known && (known.curve ?? null);
  }

  /** Reads what is missing of these, in one call; what was asked for before and is not among them is dropped. */
  async want(runIds: readonly string[], keys: readonly string[]): Promise<void> {
    this.#asked?.abort();
    const missing = runIds
      .flatMap((runId) => keys.map((key) => ({ runId, key })))
      .filter(({ runId, key }) => this.#touch(nameOf(runId, key)))
      .slice(0, perRequest);
    if (missing.length === 0) return;
    const abort = new AbortController();
    this.#asked = abort;
    try {
      const frames = await this.#load(missing, abort.signal);
      if (abort.signal.aborted) return;
      for (const { runId, key } of missing) this.#keep(nameOf(runId, key), undefined);
      for (const frame of frames) this.#keep(nameOf(frame.runId, frame.key), curveOf(frame));
      this.#version += 1;
      for (const listener of this.#listeners) listener();
    } catch {
      // A curve that cannot be read now stays away; the next look asks for it again.
    }
  }

  /** Marks the curves of runs that logged, so that they are read again when they are wanted. */
  age(runIds: ReadonlySet<string> | undefined): void {
    for (const [name, one] of this.#curves)
      if (!runIds || runIds.has(name.slice(0, name.indexOf("\n")))) one.stale = true;
  }

  stop(): void {
    this.#asked?.abort();
  }

  /** Whether it has to be read; what is wanted is kept longest. */
  #touch(name: string): boolean {
    const known = this.#curves.get(name);
    if (!known) return true;
    this.#curves.delete(name);
    this.#curves.set(name, known);
    return known.stale;
  }

  #keep(name: string, curve: Curve | undefined): void {
    this.#curves.delete(name);
    this.#curves.set(name, { curve, stale: false });
    if (this.#curves.size <= this.#most) return;
    const oldest = this.#curves.keys().next();
    if (!oldest.done) this.#curves.delete(oldest.value);
  }
}

const nameOf = (runId: string, key: string): string => `${runId}\n${key}`;

/** A path through the finite values, over the whole range of both; nothing where there is none. */
export function curveOf({ x, last, points }: Frame): Curve | undefined {
  const places: [number, number][] = [];
  for (let at = 0; at < x.length; at++) {
    const place: [number, number] = [x[at] as number, last[at] as number];
    if (place.every(Number.isFinite)) places.push(place);
  }
  const first = places[0];
  const end = places.at(-1);
  if (!first || !end) return undefined;
  const scale = (values: number[]) => {
    const low = values.reduce((a, b) => Math.min(a, b));
    const span = values.reduce((a, b) => Math.max(a, b)) - low;
    return (value: number) => (span === 0 ? 50 : ((value - low) / span) * 100);
  };
  const across = scale(places.map(([at]) => at));
  const up = scale(places.map(([, value]) => value));
  const path = places.map(([at, value]) => `${across(at).toFixed(1)} ${(100 - up(value)).toFixed(1)}`).join("L");
  return { path: `M${places.length === 1 ? `0 50L100 50` : path}`, first: first[1], last: end[1], points };
}
