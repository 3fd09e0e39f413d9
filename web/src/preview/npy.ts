/** An array as NumPy saves it, or its beginning. */
export interface NumpyArray {
  shape: number[];
  /** NumPy's name of the type, for example `<f4`. */
  type: string;
  /** Elements in C order, as many as were read; of complex ones the magnitudes. */
  values: Float64Array;
  /** Elements that the whole array has. */
  total: number;
}

interface Kind {
  bytes: number;
  read: (view: DataView, at: number, little: boolean) => number;
}

const kinds: Record<string, Kind> = {
  b1: { bytes: 1, read: (view, at) => view.getUint8(at) },
  i1: { bytes: 1, read: (view, at) => view.getInt8(at) },
  u1: { bytes: 1, read: (view, at) => view.getUint8(at) },
  i2: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  u2: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  i4: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  u4: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  i8: { bytes: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
  u8: { bytes: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
  f2: { bytes: 2, read: (view, at, little) => half(view.getUint16(at, little)) },
  f4: { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  f8: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
  c8: {
    bytes: 8,
    read: (view, at, little) => Math.hypot(view.getFloat32(at, little), view.getFloat32(at + 4, little)),
  },
  c16: {
    bytes: 16,
    read: (view, at, little) => Math.hypot(view.getFloat64(at, little), view.getFloat64(at + 8, little)),
  },
};

/** A half precision number (IEEE 754 binary16) from its bits. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * Reads the `.npy` format, versions 1 to 3 (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html), from the bytes that are
 * there: of a file that is cut the elements that are whole. Throws an error that says what is wrong with bytes that are no such file, or of a type without numbers.
 */
export function parseNpy(buffer: ArrayBuffer, most = 4_000_000): NumpyArray {
  const view = new DataView(buffer);
  const bytes = new Uint8Array(buffer);
  if (buffer.byteLength < 12 || String.fromCharCode(...bytes.subarray(0, 6)) !== "\u0093NUMPY")
    throw new Error("These bytes are no NumPy array: the file does not begin as one.");
  const long = (bytes[6] ?? 0) >= 2;
  const start = (long ? 12 : 10) + (long ? view.getUint32(8, true) : view.getUint16(8, true));
  if (start > buffer.byteLength) throw new Error("The head of the NumPy file goes beyond what was read.");
  const head = new TextDecoder("latin1").decode(bytes.subarray(long ? 12 : 10, start));
  const type = /'descr':\s*'([^']+)'/.exec(head)?.[1];
  const shapeText = /'shape':\s*\(([^)]*)\)/.exec(head)?.[1];
  if (type === undefined || shapeText === undefined)
    throw new Error("The array has a structured type or a head that cannot be read; download it to open it.");
  const shape = shapeText
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "")
    .map(Number);
  const total = shape.reduce((product, one) => product * one, 1);
  if (shape.length > 32 || !shape.every((one) => Number.isSafeInteger(one) && one >= 0) || !Number.isSafeInteger(total))
    throw new Error(`The array says that its shape is (${shapeText}), which cannot be.`);
  const kind = kinds[type.slice(1)];
  if (!kind) throw new Error(`Elements of type ${type} are no numbers; download the file to read them.`);
  const count = Math.min(total, most, Math.floor((buffer.byteLength - start) / kind.bytes));
  const stored = new Float64Array(count);
  const little = type[0] !== ">";
  for (let at = 0; at < count; at++) stored[at] = kind.read(view, start + at * kind.bytes, little);
  const turned = /'fortran_order':\s*True/.test(head) && shape.length > 1;
  return { shape, type, values: turned ? fromFortran(stored, shape, total) : stored, total };
}

/** Columns first to rows first; of an array that is not there as a whole nothing can be told. */
function fromFortran(stored: Float64Array, shape: readonly number[], total: number): Float64Array {
  if (stored.length < total)
    throw new Error("The array is too large for a preview, because it is stored by columns; download it to open it.");
  const values = new Float64Array(total);
  const place = shape.map(() => 0);
  for (let from = 0; from < total; from++) {
    values[place.reduce((index, one, axis) => index * (shape[axis] ?? 1) + one, 0)] = stored[from] ?? 0;
    for (let axis = 0; axis < shape.length; axis++) {
      place[axis] = (place[axis] ?? 0) + 1;
      if ((place[axis] ?? 0) < (shape[axis] ?? 0)) break;
      place[axis] = 0;
    }
  }
  return values;
}

export interface ArrayFacts {
  min: number;
  max: number;
  mean: number;
  notFinite: number;
}

/** Least, greatest and mean of the finite elements, and how many are not finite. */
export function factsOfArray(values: Float64Array): ArrayFacts {
  let [min, max, sum, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
    count += 1;
  }
  return { min, max, mean: sum / count, notFinite: values.length - count };
}

/** Rows and columns of the picture of an array, how many layers follow each other, and whether the last axis is a colour. */
export interface Picture {
  rows: number;
  columns: number;
  layers: number;
  channels: 1 | 3 | 4;
}

/** How an array is drawn: a last axis of 3 or 4 bytes is a colour, the two before it a picture; axes in front count the pictures. */
export function pictureOf({ shape, type }: NumpyArray): Picture | undefined {
  const last = shape[shape.length - 1] ?? 0;
  const colours = shape.length >= 3 && (last === 3 || last === 4) && type.endsWith("u1");
  const flat = colours ? shape.slice(0, -1) : shape;
  if (flat.length < 2) return undefined;
  const [rows = 0, columns = 0] = flat.slice(-2);
  const layers = flat.slice(0, -2).reduce((product, one) => product * one, 1);
  return rows > 0 && columns > 0 && layers > 0
    ? { rows, columns, layers, channels: colours ? (last as 3 | 4) : 1 }
    : undefined;
}
