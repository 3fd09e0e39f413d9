const longest = 8192;

/** A moment since 1970, in parts of a second as fine as 10 to the `digits`, with all its digits. */
export function timeOf(value: bigint, digits: 3 | 6 | 9): string {
  const scale = 10n ** BigInt(digits);
  const seconds = value / scale - (value % scale < 0n ? 1n : 0n);
  const rest = value - seconds * scale;
  const time = new Date(Number(seconds) * 1000);
  if (Number.isNaN(time.getTime())) return value.toString();
  const fraction = rest
    .toString()
    .padStart(digits, "0")
    .replace(/(000)+$/, "");
  return `${time.toISOString().slice(0, -5)}${fraction ? `.${fraction}` : ""}Z`;
}

/** A day as days since 1970. */
export function dayOf(days: number): string {
  const time = new Date(days * 86_400_000);
  return Number.isNaN(time.getTime()) ? String(days) : time.toISOString().slice(0, -14);
}

const cut = (text: string): string => (text.length <= longest ? text : `${text.slice(0, longest)}…`);
const hexOf = (bytes: Uint8Array): string =>
  cut(`0x${Array.from(bytes.subarray(0, longest), (byte) => byte.toString(16).padStart(2, "0")).join("")}`);

/** A value of a Parquet file as `RowPage` has values: whole numbers that no double holds are texts, bytes are hexadecimal. */
export function cellOf(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return cut(value);
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value !== "object") return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return hexOf(value);
  const text = JSON.stringify(value, (_, one: unknown) =>
    typeof one === "bigint" || one instanceof Uint8Array ? cellOf(one) : one,
  );
  return text.length <= longest ? (JSON.parse(text) as unknown) : cut(text);
}
