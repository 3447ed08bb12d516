import assert from "node:assert/strict";
import { test } from "node:test";
import { CorruptFileError } from "../src/errors.ts";
import { decodeProducerSnapshot, encodeProducerSnapshot } from "../src/producer-snapshot.ts";

/** Written by Apache Kafka 4.3.1: an idempotent producer, and two whose last word was a marker. */
const kafkaSnapshot = Buffer.from(
  "00012869354500000003" +
    "0000000000000000000000000077000000000000009100000000" +
    "0000018bcfe60467ffffffffffffffffffffffff" +
    "00000000000000010003ffffffffffffffffffffffff00000000" +
    "000001a207a8a7a500000000ffffffffffffffff" +
    "00000000000000020002ffffffffffffffffffffffff00000000" +
    "000001a207a8a0c500000000ffffffffffffffff",
  "hex",
);

test("a snapshot of Apache Kafka is read, and written again byte for byte", () => {
  const producers = decodeProducerSnapshot(kafkaSnapshot, "/148.snapshot");
  assert.deepEqual(
    producers.map(({ producerId, producerEpoch, lastSequence, coordinatorEpoch }) => [
      producerId,
      producerEpoch,
      lastSequence,
      coordinatorEpoch,
    ]),
    [
      [0, 0, 119, -1],
      [1, 3, -1, 0],
      [2, 2, -1, 0],
    ],
  );
  assert.equal(producers[0]?.batches[0]?.lastOffset, 145);
  assert.ok(encodeProducerSnapshot(producers).equals(kafkaSnapshot));
});

test("a damaged byte, a short file and another version are refused", () => {
  for (const position of [0, 4, 9, 30, kafkaSnapshot.length - 1]) {
    const damaged = Buffer.from(kafkaSnapshot);
    damaged.writeUInt8((damaged[position] ?? 0) ^ 1, position);
    assert.throws(() => decodeProducerSnapshot(damaged, "/1.snapshot"), CorruptFileError);
  }
  for (const size of [0, 5, 20]) {
    const short = kafkaSnapshot.subarray(0, size);
    assert.throws(() => decodeProducerSnapshot(short, "/1.snapshot"), CorruptFileError);
  }
});
