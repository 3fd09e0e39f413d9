import type { JsonNumber } from "@/api/types";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A number as it travels, as a number. */
export const toNumber = (value: JsonNumber | undefined): number => (value === undefined ? Number.NaN : Number(value));

/** Significant digits for reading; the exact value belongs in the title and on the clipboard. */
export function formatNumber(value: number, digits = 5): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e7) return value.toLocaleString("en-US").replace("-", "−");
  const text = size >= 1e7 || size < 1e-4 ? value.toExponential(digits - 2) : value.toPrecision(digits);
  const [mantissa = "", exponent] = text.split("e");
  const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  const shown = exponent === undefined ? short : `${short}e${exponent.replace("+", "")}`;
  return shown.replaceAll("-", "−");
}

export const formatCount = (value: number): string => value.toLocaleString("en-US");

/** Binary units, as file sizes are counted. */
export function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}

export function formatDuration(milliseconds: number): string {
  if (milliseconds < 0) return "0 s";
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 10_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  if (milliseconds < minute) return `${Math.floor(milliseconds / 1000)} s`;
  const two = (first: number, firstUnit: string, second: number, secondUnit: string) =>
    second === 0 ? `${first} ${firstUnit}` : `${first} ${firstUnit} ${second} ${secondUnit}`;
  if (milliseconds < hour)
    return two(Math.floor(milliseconds / minute), "min", Math.floor((milliseconds % minute) / 1000), "s");
  if (milliseconds < day)
    return two(Math.floor(milliseconds / hour), "h", Math.floor((milliseconds % hour) / minute), "min");
  return two(Math.floor(milliseconds / day), "d", Math.floor((milliseconds % day) / hour), "h");
}

const dayAndMonth = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const withYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

export function formatAgo(time: number, now: number): string {
  const age = now - time;
  if (age < 10_000) return age < -minute ? exact.format(time) : "just now";
  if (age < minute) return `${Math.floor(age / 1000)} s ago`;
  if (age < hour) return `${Math.floor(age / minute)} min ago`;
  if (age < day) return `${Math.floor(age / hour)} h ago`;
  if (age < 7 * day) return `${Math.floor(age / day)} d ago`;
  return (age < 300 * day ? dayAndMonth : withYear).format(time);
}

export const formatTime = (time: number): string => exact.format(time);

/** The start of an id or a hash, long enough to tell two apart. */
export const shorten = (id: string, length = 8): string => (id.length <= length + 2 ? id : id.slice(0, length));

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;
