import type { Frame, SeriesRef } from "./types";

export const framesType = "application/vnd.runstone.frames";

const magic = "RSFRAME1";
const exactFlag = 1;

/**
 * Drawn series from bytes (docs/formats/metric-frames.md), one for each of those asked for. Columns are views of the bytes, which are
 * little-endian, as every machine with a browser is.
 */
export function readFrames(bytes: ArrayBuffer, series: readonly SeriesRef[]): Frame[] {
  const view = new DataView(bytes);
  let at = 16;
  const take = (length: number): number => {
    const from = at;
    at += Math.ceil(length / 8) * 8;
    if (at > bytes.byteLength) throw new Error("The drawing is not complete: the connection ended early.");
    return from;
  };
  const numbers = (length: number) => new Float64Array(bytes, take(8 * length), length);

  if (bytes.byteLength < at || new TextDecoder("ascii").decode(new Uint8Array(bytes, 0, 8)) !== magic)
    throw new Error("The server's answer is no drawing: something between the page and the server answered.");
  if (view.getUint32(8, true) !== series.length)
    throw new Error(`The server drew ${view.getUint32(8, true)} series where ${series.length} were asked for.`);
  return series.map(({ runId, key }) => {
    const head = take(16);
    const exact = (view.getUint32(head, true) & exactFlag) !== 0;
    const length = view.getUint32(head + 4, true);
    const points = Number(view.getBigInt64(head + 8, true));
    const frame: Frame = { runId, key, exact, points, x: numbers(length), last: numbers(length) };
    if (exact) return frame;
    const [min, max, mean, first] = [numbers(length), numbers(length), numbers(length), numbers(length)];
    return { ...frame, min, max, mean, first, count: new Int32Array(bytes, take(4 * length), length) };
  });
}
