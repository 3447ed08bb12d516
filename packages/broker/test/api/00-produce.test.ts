import assert from "node:assert/strict";
import { test } from "node:test";

import {
  batchHeader,
  buildRecordBatch,
  decodeResponse,
  encodeRequest,
  errorName,
  Fetch,
  ListOffsets,
  Produce,
} from "@millrace/protocol";

import { batchOf, BrokerFixture, createTopic } from "../support/broker-fixture.ts";

function produceTo(topic: string, records: Buffer | null, acks = 1) {
  return {
    acks,
    timeoutMs: 1000,
    topicData: [{ name: topic, partitionData: [{ index: 0, records }] }],
  };
}

async function endOffset(fixture: BrokerFixture, topic: string): Promise<number | undefined> {
  const answer = await fixture.request(ListOffsets, 7, {
    replicaId: -1,
    isolationLevel: 0,
    topics: [{ name: topic, partitions: [{ partitionIndex: 0, timestamp: -1 }] }],
  });
  return answer.topics[0]?.partitions[0]?.offset;
}

test("every version appends, and tells offset and log start", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  for (let version = 3; version <= 12; version += 1) {
    const answer = await fixture.request(Produce, version, produceTo("orders", batchOf("a", "b")));
    const partition = answer.responses[0]?.partitionResponses[0];
    assert.equal(partition?.errorCode, 0);
    assert.equal(partition.baseOffset, (version - 3) * 2);
    assert.equal(partition.logStartOffset, version >= 5 ? 0 : -1);
  }
  assert.equal(await endOffset(fixture, "orders"), 20);
});

test("version 13 names topics by id", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const topicId = fixture.broker.services.image().topics.byName.get("orders")?.id;
  assert.ok(topicId !== undefined);
  const unknownId = "b8tRS7h4TJ2Vt43Dp85v2A" as typeof topicId;
  const answer = await fixture.request(Produce, 13, {
    acks: -1,
    timeoutMs: 1000,
    topicData: [
      { topicId, partitionData: [{ index: 0, records: batchOf("a") }] },
      { topicId: unknownId, partitionData: [{ index: 0, records: batchOf("a") }] },
    ],
  });
  const errors = answer.responses.map((topic) =>
    errorName(topic.partitionResponses[0]?.errorCode ?? -1),
  );
  assert.deepEqual(errors, ["NONE", "UNKNOWN_TOPIC_ID"]);
});

test("one partition's refusal does not stop the others; each is answered in order", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders", {}, 2);
  const corrupt = batchOf("a");
  corrupt[corrupt.length - 1] = (corrupt.at(-1) ?? 0) ^ 1;
  const answer = await fixture.request(Produce, 9, {
    acks: 1,
    timeoutMs: 1000,
    topicData: [
      {
        name: "orders",
        partitionData: [
          { index: 7, records: batchOf("a") },
          { index: 0, records: corrupt },
          { index: 1, records: batchOf("a") },
          { index: 0, records: null },
        ],
      },
      { name: "missing", partitionData: [{ index: 0, records: batchOf("a") }] },
    ],
  });
  const outcomes = answer.responses.flatMap((topic) =>
    topic.partitionResponses.map(({ index, errorCode }) => [index, errorName(errorCode)]),
  );
  assert.deepEqual(outcomes, [
    [7, "UNKNOWN_TOPIC_OR_PARTITION"],
    [0, "CORRUPT_MESSAGE"],
    [1, "NONE"],
    [0, "INVALID_RECORD"],
    [0, "UNKNOWN_TOPIC_OR_PARTITION"],
  ]);
});

test("acks other than 0, 1 and -1 are refused and write nothing", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const answer = await fixture.request(Produce, 9, produceTo("orders", batchOf("a"), 2));
  const code = answer.responses[0]?.partitionResponses[0]?.errorCode ?? 0;
  assert.equal(errorName(code), "INVALID_REQUIRED_ACKS");
  assert.equal(await endOffset(fixture, "orders"), 0);
});

test("acks=0 is answered by silence, and an error by the end of the connection", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const good = await fixture.send(Produce, 9, produceTo("orders", batchOf("a"), 0));
  assert.equal(good.kind, "silent");
  const bad = await fixture.send(Produce, 9, produceTo("missing", batchOf("a"), 0));
  assert.deepEqual(bad, {
    kind: "close",
    reason: "Produce with acks=0 failed with UNKNOWN_TOPIC_OR_PARTITION",
  });
});

test("a batch with acks=all is neither answered nor read before its fsync", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const answer = fixture.send(Produce, 9, produceTo("orders", batchOf("a"), -1));
  const partition = fixture.broker.services.replicas.partition("orders", 0);
  await Promise.resolve();
  assert.equal(partition?.log.logEndOffset, 1);
  assert.equal(partition.log.highWatermark, 0);
  await fixture.settled(answer);
  assert.equal(partition.log.highWatermark, 1);
  assert.equal(partition.log.durableOffset, 1);
});

test("without the fsync of acks=all a batch is visible at once, as in Apache Kafka", async () => {
  const config = { "millrace.acks.all.fsync.enable": "false" };
  await using fixture = await BrokerFixture.start({ config });
  await createTopic(fixture, "orders");
  const answer = fixture.send(Produce, 9, produceTo("orders", batchOf("a"), -1));
  await Promise.resolve();
  assert.equal(fixture.broker.services.replicas.partition("orders", 0)?.log.highWatermark, 1);
  assert.equal((await answer).kind, "send");
});

test("what was acknowledged with acks=all survives a power loss", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  await fixture.request(Produce, 9, produceTo("orders", batchOf("kept"), -1));
  await fixture.crash("powerLoss");
  assert.equal(await endOffset(fixture, "orders"), 1);
  const read = await fixture.request(Fetch, 4, {
    maxWaitMs: 0,
    minBytes: 1,
    topics: [
      { topic: "orders", partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }] },
    ],
  });
  assert.ok(read.responses[0]?.partitions[0]?.records?.includes("kept"));
});

test("an idempotent producer's repeated batch is answered with its first offset", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const records = (): Buffer =>
    buildRecordBatch([{ key: null, value: Buffer.from("a"), timestamp: 1 }], {
      producerId: 5n,
      producerEpoch: 0,
      baseSequence: 0,
    });
  const first = await fixture.request(Produce, 9, produceTo("orders", records(), -1));
  await fixture.request(Produce, 9, produceTo("orders", batchOf("b"), -1));
  const again = await fixture.request(Produce, 9, produceTo("orders", records(), -1));
  assert.equal(first.responses[0]?.partitionResponses[0]?.baseOffset, 0);
  assert.equal(again.responses[0]?.partitionResponses[0]?.baseOffset, 0);
  assert.equal(again.responses[0]?.partitionResponses[0]?.errorCode, 0);
  assert.equal(await endOffset(fixture, "orders"), 2);
});

test("zstd before version 7 is refused", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const records = buildRecordBatch([{ key: null, value: Buffer.from("a"), timestamp: 1 }], {
    compression: "zstd",
  });
  const old = await fixture.request(Produce, 6, produceTo("orders", records));
  assert.equal(
    errorName(old.responses[0]?.partitionResponses[0]?.errorCode ?? 0),
    "UNSUPPORTED_COMPRESSION_TYPE",
  );
  const now = await fixture.request(Produce, 7, produceTo("orders", records));
  assert.equal(now.responses[0]?.partitionResponses[0]?.errorCode, 0);
});

test("clients may not write to the topics of the coordinators", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "__consumer_offsets");
  const answer = await fixture.request(Produce, 9, produceTo("__consumer_offsets", batchOf("a")));
  const code = answer.responses[0]?.partitionResponses[0]?.errorCode ?? 0;
  assert.equal(errorName(code), "INVALID_TOPIC_EXCEPTION");
});

/** A gzip batch of an idempotent producer, for a topic that wants another codec. */
function gzipBatch(baseSequence: number, valueBytes: number): Buffer {
  const value = Buffer.alloc(valueBytes, `value ${baseSequence}`);
  return buildRecordBatch([{ key: null, value, timestamp: 1 }], {
    compression: "gzip",
    producerId: 5n,
    producerEpoch: 0,
    baseSequence,
  });
}

test("batches that are compressed anew are appended in the order of their connection", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders", { "compression.type": "zstd" });
  const { network, clock } = fixture.platform;
  const connecting = network.connect({ host: "localhost", port: 9092, timeoutMs: 1000 });
  await clock.advance(10);
  const connection = await connecting;
  const received: Buffer[] = [];
  connection.onData((bytes) => received.push(bytes));
  const frames = [0, 1, 2, 3, 4].flatMap((sequence) => {
    // Large and small in turn, so that what takes long is followed by what does not.
    const records = gzipBatch(sequence, sequence % 2 === 0 ? 500_000 : 10);
    const body = produceTo("orders", records, -1);
    return encodeRequest(Produce, 9, { correlationId: sequence, clientId: "test", body });
  });
  connection.write(frames);
  await clock.advance(1000);
  let answers = Buffer.concat(received);
  for (let sequence = 0; sequence < 5; sequence += 1) {
    const sizeBytes = answers.readInt32BE(0);
    const { body } = decodeResponse(Produce, 9, answers.subarray(4, 4 + sizeBytes));
    const partition = body.responses[0]?.partitionResponses[0];
    assert.deepEqual([partition?.errorCode, Number(partition?.baseOffset)], [0, sequence]);
    answers = answers.subarray(4 + sizeBytes);
  }
});

test("a partition that lost its leader while its batch was compressed anew takes nothing", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders", { "compression.type": "zstd" });
  await createTopic(fixture, "others");
  const body = {
    acks: 1,
    timeoutMs: 1000,
    topicData: ["orders", "others"].map((name) => ({
      name,
      partitionData: [{ index: 0, records: gzipBatch(0, 1000) }],
    })),
  };
  const answering = fixture.send(Produce, 9, body);
  fixture.broker.services.replicas.partition("orders", 0)?.stop();
  const answer = await fixture.settled(answering);
  assert.ok(answer.kind === "send");
  const frame = Buffer.concat(answer.chunks);
  const { body: response } = decodeResponse(Produce, 9, frame.subarray(4));
  const errors = response.responses.map(({ name, partitionResponses }) => [
    name,
    errorName(partitionResponses[0]?.errorCode ?? -1),
  ]);
  assert.deepEqual(errors, [
    ["orders", "NOT_LEADER_OR_FOLLOWER"],
    ["others", "NONE"],
  ]);
});

test("compressed batches in which something is wrong are refused, small and large ones", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const told: unknown[] = [];
  for (const compression of ["gzip", "snappy", "lz4", "zstd"] as const) {
    for (const valueBytes of [10, 100_000]) {
      const value = Buffer.alloc(valueBytes);
      const record = { key: null, value, timestamp: 1_767_225_600_000 };
      const batch = buildRecordBatch([record, record], { compression });
      batch.writeInt32BE(2, batchHeader.fieldPositions.lastOffsetDelta);
      batch.writeInt32BE(3, batchHeader.fieldPositions.recordsCount);
      batchHeader.updateCrc(batch, 0);
      const answer = await fixture.request(Produce, 9, produceTo("orders", batch));
      const partition = answer.responses[0]?.partitionResponses[0];
      assert.equal(errorName(partition?.errorCode ?? 0), "INVALID_RECORD");
      told.push([partition?.errorMessage, partition?.logStartOffset, partition?.baseOffset]);
    }
  }
  assert.deepEqual(told, Array(8).fill([null, 0, -1]), "as Apache Kafka answers");
  assert.equal(await endOffset(fixture, "orders"), 0);
});

test("a large compressed batch and a small one behind it keep their order", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const offsets: unknown[] = [];
  for (const [baseSequence, valueBytes] of [200_000, 1].entries()) {
    const record = { key: null, value: Buffer.alloc(valueBytes), timestamp: 1_767_225_600_000 };
    const producer = { producerId: 5n, producerEpoch: 0, baseSequence };
    const batch = buildRecordBatch([record], { compression: "gzip", ...producer });
    const answer = await fixture.request(Produce, 9, produceTo("orders", batch));
    offsets.push(answer.responses[0]?.partitionResponses[0]?.baseOffset);
  }
  assert.deepEqual(offsets, [0, 1]);
});

test("before it reads a batch Kafka tells no log start, and words only for records", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const damaged = batchOf("a");
  damaged[61] = 99;
  const old = batchOf("a");
  old[16] = 1;
  const unknownCodec = batchOf("a");
  unknownCodec[22] = 6;
  batchHeader.updateCrc(unknownCodec, 0);
  const control = batchOf("a");
  control[22] = 32;
  batchHeader.updateCrc(control, 0);
  const told: unknown[] = [];
  for (const batch of [damaged, old, batchOf("a").subarray(0, 60), unknownCodec, control]) {
    const answer = await fixture.request(Produce, 9, produceTo("orders", batch));
    const partition = answer.responses[0]?.partitionResponses[0];
    assert.equal(partition?.errorMessage, null);
    told.push([errorName(partition.errorCode), partition.logStartOffset]);
  }
  assert.deepEqual(told, [
    ["CORRUPT_MESSAGE", -1],
    ["INVALID_RECORD", -1],
    ["INVALID_RECORD", -1],
    ["UNKNOWN_SERVER_ERROR", 0],
    ["INVALID_RECORD", 0],
  ]);
});
