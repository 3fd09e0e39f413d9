import type { MetricGroup, MetricGroups } from "./types";

export const groupsType = "application/vnd.runstone.groups";

const magic = "RSGROUP1";
const completeFlag = 1;

/** Groups of runs drawn together, from bytes (docs/formats/metric-frames.md). Columns are views of the bytes. */
export function readGroups(bytes: ArrayBuffer): MetricGroups {
  const view = new DataView(bytes);
  let at = 40;
  const take = (length: number): number => {
    const from = at;
    at += Math.ceil(length / 8) * 8;
    if (at > bytes.byteLength) throw new Error("The drawing is not complete: the connection ended early.");
    return from;
  };
  if (bytes.byteLength < at || new TextDecoder("ascii").decode(new Uint8Array(bytes, 0, 8)) !== magic)
    throw new Error("The server's answer is no drawing: something between the page and the server answered.");
  const [count, length, runs, flags] = [8, 12, 16, 20].map((place) => view.getUint32(place, true)) as [
    number,
    number,
    number,
    number,
  ];
  const numbers = () => new Float64Array(bytes, take(8 * length), length);
  const x = numbers();
  const groups: MetricGroup[] = [];
  for (let index = 0; index < count; index++) {
    const head = take(16);
    const named = view.getUint32(head + 8, true);
    const by = named === 0 ? undefined : new TextDecoder().decode(new Uint8Array(bytes, take(named), named));
    groups.push({
      by: by === undefined ? {} : (JSON.parse(by) as Record<string, string>),
      runs: view.getUint32(head, true),
      drawn: view.getUint32(head + 4, true),
      mean: numbers(),
      deviation: numbers(),
      min: numbers(),
      max: numbers(),
      count: new Int32Array(bytes, take(4 * length), length),
    });
  }
  return { x, groups, runs, complete: (flags & completeFlag) !== 0 };
}
