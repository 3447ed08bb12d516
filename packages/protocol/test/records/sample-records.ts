import type { RecordInput } from "@millrace/protocol";

/** The time of the first sample record. */
export const SAMPLE_TIMESTAMP = 1_700_000_000_000;

/** The records that tests/conformance/records/RecordsPeer.java writes, too. */
export function sampleRecords(count: number, baseOffset = 0): RecordInput[] {
  return Array.from({ length: count }, (_, i) => ({
    offset: baseOffset + i,
    timestamp: SAMPLE_TIMESTAMP + i * 3,
    key: i % 5 === 4 ? null : Buffer.from(`key-${i}`),
    value: i % 7 === 6 ? null : Buffer.from(`value-${i}-`.repeat((i % 9) + 1)),
    headers: Array.from({ length: i % 3 }, (_, j) => ({
      key: `hé${j}`,
      value: j === 1 ? null : Buffer.from(`x${i}`),
    })),
  }));
}
