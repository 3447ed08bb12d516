import type { Clock } from "@millrace/platform";
import { DECOMPRESSED_SIZE_BYTES_MAX } from "@millrace/protocol";
import type { Deserializers } from "../consumer/consumer-record.ts";
import { FetchedRecords } from "../consumer/fetched-records.ts";
import type { Acknowledged } from "./pending-acknowledgements.ts";
import type { SharePartition } from "./share-partition.ts";
import { ShareRecord } from "./share-record.ts";

/** Offsets that a ShareFetch acquired. */
export interface AcquiredRange {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly deliveryCount: number;
}

/** What a ShareFetch brought of one partition. */
export interface AcquiredOptions<K, V> {
  readonly clock: Clock;
  readonly partition: SharePartition;
  readonly bytes: Buffer;
  readonly acquired: readonly AcquiredRange[];
  readonly lockedUntilMs: number;
  readonly deserializers: Deserializers<K, V>;
  readonly acknowledge: (entry: Acknowledged) => void;
}

/**
 * Gives the records that were acquired; the batches may have more. Offsets that were acquired and
 * have no record (control records, compacted ones) are acknowledged as gaps at once.
 * @throws KafkaError CORRUPT_MESSAGE
 */
export function acquiredRecords<K, V>(
  options: AcquiredOptions<K, V>,
): readonly ShareRecord<K, V>[] {
  const { clock, partition, bytes, acquired, lockedUntilMs, deserializers, acknowledge } = options;
  const fetched = new FetchedRecords<K, V>({
    ...partition,
    bytes,
    fetchOffset: acquired[0]?.firstOffset ?? 0,
    abortedTransactions: undefined,
    checkCrcs: true,
    decompressedBytesMax: DECOMPRESSED_SIZE_BYTES_MAX,
    deserializers,
  });
  const records: ShareRecord<K, V>[] = [];
  let record = fetched.next();
  for (const { firstOffset, lastOffset, deliveryCount } of acquired) {
    let expected = firstOffset;
    while (record !== undefined && record.offsetNumber <= lastOffset) {
      const offset = record.offsetNumber;
      if (offset >= firstOffset) {
        gaps(expected, offset, acknowledge);
        const acquisition = { clock, deliveryCount, lockedUntilMs, acknowledge };
        records.push(new ShareRecord(record, acquisition));
        expected = offset + 1;
      }
      record = fetched.next();
    }
    gaps(expected, lastOffset + 1, acknowledge);
  }
  return records;
}

function gaps(first: number, end: number, acknowledge: (entry: Acknowledged) => void): void {
  for (let offset = first; offset < end; offset += 1) acknowledge({ offset, type: "gap" });
}
