/** How many rows a Parquet file says it has; throws when it is none. Reads the footer alone, which is Thrift's compact protocol. */
export function rowsOfParquet(file: Buffer): number {
  const magic = (at: number) => file.toString("latin1", at, at + 4);
  if (magic(0) !== "PAR1" || magic(file.length - 4) !== "PAR1")
    throw new Error("The file does not begin and end as Parquet does.");
  let at = file.length - 8 - file.readUInt32LE(file.length - 8);

  const varint = (): number => {
    for (let value = 0, scale = 1; ; scale *= 128) {
      const byte = file.readUInt8(at++);
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const number = (): number => {
    const value = varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  };
  const skip = (type: number): void => {
    if (type === 3) at += 1;
    else if (type >= 4 && type <= 6) number();
    else if (type === 7) at += 8;
    else if (type === 8) {
      const length = varint();
      at += length;
    } else if (type === 9 || type === 10) {
      const head = file.readUInt8(at++);
      const count = head >> 4 === 15 ? varint() : head >> 4;
      for (let i = 0; i < count; i++) skip(head & 15);
    } else if (type === 12) fields(() => false);
    else if (type > 2) throw new Error(`The footer has a value of kind ${type}.`);
  };
  const fields = (take: (id: number) => boolean): void => {
    for (let id = 0; ; ) {
      const head = file.readUInt8(at++);
      if (head === 0) return;
      id = head >> 4 === 0 ? number() : id + (head >> 4);
      if (!take(id)) skip(head & 15);
    }
  };

  let rows = -1;
  fields((id) => {
    if (id !== 3) return false;
    rows = number();
    return true;
  });
  return rows;
}
