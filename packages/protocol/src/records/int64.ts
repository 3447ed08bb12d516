/**
 * Reads a signed 64-bit integer as a number, without allocating a bigint.
 * Exact within ±2^53-1; beyond that rounded, which `checkBatchHeader` refuses.
 */
export function readInt64(buffer: Buffer, position: number): number {
  return buffer.readInt32BE(position) * 0x100000000 + buffer.readUInt32BE(position + 4);
}

/** Writes a safe integer as a signed 64-bit one. */
export function writeInt64(buffer: Buffer, position: number, value: number): void {
  buffer.writeInt32BE(Math.floor(value / 0x100000000), position);
  buffer.writeUInt32BE(value >>> 0, position + 4);
}
