import type { Random } from "@millrace/platform";
import { uuidFromBytes, uuidToBytes } from "@millrace/protocol";
import type { Uuid } from "@millrace/protocol";

const RESERVED_LOW_MAX = 100n;

/**
 * Gives a random version 4 id. As in Kafka it does not begin with "-", which command lines take for
 * an option, and is none of the reserved ones.
 */
export function freshUuid(random: Random): Uuid {
  for (;;) {
    const bytes = Buffer.from(random.bytes(16));
    bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
    bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
    const id = uuidFromBytes(bytes);
    if (!id.startsWith("-")) return id;
  }
}

/** Whether Kafka keeps an id for meanings of its own: the first hundred (KIP-858). */
export function isReservedId(id: Uuid): boolean {
  const bytes = uuidToBytes(id);
  return bytes.readBigUInt64BE(0) === 0n && bytes.readBigUInt64BE(8) < RESERVED_LOW_MAX;
}
