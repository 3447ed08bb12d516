import assert from "node:assert/strict";
import { test } from "node:test";

import { errorCodes, InitProducerId, Produce } from "@millrace/protocol";
import fc from "fast-check";

import { KafkaError } from "../../src/errors/kafka-error.ts";
import { BAD_VALUE, errorOf, producing, texts } from "./support/producing.ts";
import type { Fault } from "./support/scripted-logs.ts";

test("a record is stored with key, value, headers and timestamp, and tells where", async () => {
  const { producer, logs, settle } = await producing();
  const headers = [
    { key: "trace", value: "1" },
    { key: "trace", value: null },
  ];
  const record = { topic: "orders", key: "k", value: "v", headers, timestamp: 1234 };
  const metadata = await settle(producer.send(record));
  assert.deepEqual(metadata, { topic: "orders", partition: 0, offset: 0n, timestamp: 1234 });
  const [stored] = logs.log("orders");
  assert.equal(String(stored?.key), "k");
  assert.equal(String(stored?.value), "v");
  assert.equal(stored?.timestamp, 1234);
  assert.deepEqual(
    stored?.headers.map(({ key, value }) => [key, value === null ? null : String(value)]),
    [
      ["trace", "1"],
      ["trace", null],
    ],
  );
  assert.equal(logs.seen[0]?.isCrcValid, true);
});

test("records of one turn share a batch, and each tells its own offset", async () => {
  const { producer, logs, settle } = await producing();
  const sent = texts(100).map((value) => producer.send({ topic: "orders", value }));
  const metadata = await settle(Promise.all(sent));
  assert.equal(logs.seen.length, 1);
  assert.deepEqual(
    metadata.map(({ offset }) => offset),
    texts(100).map((_, index) => BigInt(index)),
  );
});

test("while five requests are on their way, records gather", async () => {
  const { producer, logs, settle, scripted } = await producing();
  await settle(producer.send({ topic: "orders", value: "first" }));
  logs.seen.length = 0;
  const sent: Promise<unknown>[] = [];
  scripted.broker(1).isFrozen = true;
  for (let turn = 0; turn < 20; turn += 1) {
    sent.push(producer.send({ topic: "orders", value: `v${turn}` }));
    await scripted.advance(1);
  }
  const produced = scripted.broker(1).requestsOf(Produce).length;
  assert.equal(produced, 6);
  scripted.broker(1).isFrozen = false;
  scripted.broker(1).disconnect();
  await settle(Promise.all(sent));
  assert.deepEqual(logs.values("orders"), ["first", ...texts(20)]);
  const sizes = logs.seen.map(({ records }) => records.length);
  assert.equal(Math.max(...sizes), 15);
});

test("sendMany gives one promise for all, in their order", async () => {
  const { producer, settle } = await producing({}, { partitions: 3 });
  const records = texts(30).map((value, index) => ({
    topic: "orders",
    value,
    partition: index % 3,
  }));
  const metadata = await settle(producer.sendMany(records));
  assert.deepEqual(
    metadata.map(({ partition, offset }) => [partition, offset]),
    records.map((_, index) => [index % 3, BigInt(Math.floor(index / 3))]),
  );
  assert.deepEqual(await settle(producer.sendMany([])), []);
});

test("enqueue asks to wait when enough waits to be sent, and flush waits for all", async () => {
  const { producer, logs, settle } = await producing({ batchSize: 1000 });
  const value = "x".repeat(1000);
  await settle(producer.send({ topic: "orders", value }));
  let waits = 0;
  const run = async (): Promise<void> => {
    for (let index = 0; index < 5000; index += 1) {
      const wait = producer.enqueue({ topic: "orders", value });
      if (wait === undefined) continue;
      waits += 1;
      await wait;
    }
    await producer.flush();
  };
  await settle(run());
  assert.equal(logs.log("orders").length, 5001);
  assert.ok(waits >= 2 && waits < 100, `${waits} waits`);
});

test("records that come before the topic is known are stored in order", async () => {
  const { producer, logs, settle } = await producing();
  for (const value of texts(50)) void producer.enqueue({ topic: "orders", value });
  await settle(producer.flush());
  assert.deepEqual(logs.values("orders"), texts(50));
});

test("a serializer may answer later without changing the order", async () => {
  const { scripted, cluster, settle, logs } = await producing();
  const { Producer } = await import("../../src/producer/producer.ts");
  const producer = new Producer<null, string>(cluster, {
    value: {
      serialize: async (text, context) => {
        await new Promise<void>((resolve) => {
          scripted.client.clock.setTimer(text.length, resolve);
        });
        context.headers.add("length", Buffer.from(String(text.length)));
        return Buffer.from(text);
      },
    },
  });
  const values = ["a long one", "short", "of middle", ""];
  await settle(Promise.all(values.map((value) => producer.send({ topic: "orders", value }))));
  assert.deepEqual(logs.values("orders"), values);
  assert.deepEqual(
    logs.log("orders").map(({ headers }) => String(headers[0]?.value)),
    values.map(({ length }) => String(length)),
  );
});

test("a serializer that throws fails its record alone, with SERIALIZATION_FAILED", async () => {
  const { producer, settle } = await producing();
  await settle(producer.send({ topic: "orders", value: "good" }));
  const error = await errorOf(settle(producer.send({ topic: "orders", value: BAD_VALUE })));
  assert.ok(error instanceof KafkaError);
  assert.equal(error.code, "SERIALIZATION_FAILED");
  await settle(producer.send({ topic: "orders", value: "good" }));
});

test("a topic that does not come to be fails its records after maxBlockMs", async () => {
  const { producer, settle, scripted } = await producing({ maxBlockMs: 5_000 });
  const startMs = scripted.client.clock.monotonicMs();
  const error = await errorOf(settle(producer.send({ topic: "nowhere", value: "v" })));
  assert.ok(error instanceof KafkaError);
  assert.equal(error.code, "UNKNOWN_TOPIC_OR_PARTITION");
  const tookMs = scripted.client.clock.monotonicMs() - startMs;
  assert.ok(tookMs >= 4_000 && tookMs <= 6_000, `${tookMs} ms`);
});

test("a topic made meanwhile gets the records that waited for it", async () => {
  const { producer, logs, settle, scripted } = await producing();
  const sent = producer.send({ topic: "late", value: "v" });
  await scripted.advance(3_000);
  scripted.addTopic("late");
  await settle(sent);
  assert.deepEqual(logs.values("late"), ["v"]);
});

test("a partition that the topic does not have fails after maxBlockMs", async () => {
  const { producer, settle } = await producing({ maxBlockMs: 2_000 });
  const error = await errorOf(settle(producer.send({ topic: "orders", value: "v", partition: 7 })));
  assert.ok(error instanceof KafkaError);
  assert.equal(error.code, "INVALID_ARGUMENT");
  assert.match(error.message, /partition 7/);
});

test("memory that stays full fails records after maxBlockMs with BUFFER_EXHAUSTED", async () => {
  const { producer, settle, scripted } = await producing({
    bufferMemory: 40_000,
    batchSize: 4000,
    maxBlockMs: 3_000,
  });
  await settle(producer.send({ topic: "orders", value: "first" }));
  scripted.broker(1).isFrozen = true;
  const value = "x".repeat(3000);
  const sent = Array.from({ length: 20 }, () => producer.send({ topic: "orders", value }));
  const outcomes = Promise.allSettled(sent);
  await scripted.advance(4_000);
  scripted.broker(1).isFrozen = false;
  scripted.broker(1).disconnect();
  const codes = (await settle(outcomes)).map(codeOf);
  assert.equal(codes.filter((code) => code === "stored").length, 9);
  assert.equal(codes.filter((code) => code === "BUFFER_EXHAUSTED").length, 11);
});

test("a record larger than maxRequestSize fails at once with MESSAGE_TOO_LARGE", async () => {
  const { producer, settle } = await producing({ maxRequestSize: 10_000 });
  await settle(producer.send({ topic: "orders", value: "first" }));
  const error = await errorOf(producer.send({ topic: "orders", value: "x".repeat(10_000) }));
  assert.ok(error instanceof KafkaError);
  assert.equal(error.code, "MESSAGE_TOO_LARGE");
});

test("a batch that the broker finds too large is divided, and records keep their order", async () => {
  const { producer, logs, settle } = await producing();
  logs.fault = ({ sizeBytes, records }) =>
    sizeBytes > 1000 && records.length > 1 ? "MESSAGE_TOO_LARGE" : undefined;
  const values = texts(200, "value-");
  const sent = values.map((value) => producer.send({ topic: "orders", value }));
  const metadata = await settle(Promise.all(sent));
  assert.deepEqual(logs.values("orders"), values);
  assert.deepEqual(
    metadata.map(({ offset }) => Number(offset)),
    values.map((_, index) => index),
  );
});

test("a single record that the broker finds too large fails", async () => {
  const { producer, logs, settle } = await producing();
  logs.fault = () => "MESSAGE_TOO_LARGE";
  const error = await errorOf(settle(producer.send({ topic: "orders", value: "v" })));
  assert.ok(error instanceof KafkaError);
  assert.equal(error.code, "MESSAGE_TOO_LARGE");
  assert.match(error.message, /max.message.bytes/);
});

test("records that the broker blames fail with its words, the others of the batch as well", async () => {
  const { producer, logs, settle } = await producing();
  const recordErrors = [
    { batchIndex: 1, batchIndexErrorMessage: "no key" },
    { batchIndex: 2, batchIndexErrorMessage: null },
  ];
  logs.fault = () => ({
    errorCode: errorCodes.INVALID_RECORD,
    recordErrors,
    errorMessage: "some are bad",
  });
  const sent = texts(3).map((value) => producer.send({ topic: "orders", value }));
  const errors = await settle(Promise.all(sent.map(errorOf)));
  assert.match(String(errors[0]), /another record of the batch/);
  assert.ok(errors[0] instanceof KafkaError && errors[0].retriable);
  assert.match(String(errors[1]), /no key/);
  assert.match(String(errors[2]), /some are bad/);
  logs.fault = () => undefined;
  await settle(producer.send({ topic: "orders", value: "after" }));
  assert.deepEqual(logs.values("orders"), ["after"]);
});

test("a record that is not acknowledged in deliveryTimeoutMs fails with DELIVERY_TIMED_OUT", async () => {
  const { producer, logs, settle, scripted } = await producing({
    deliveryTimeoutMs: 5_000,
    requestTimeoutMs: 1_000,
  });
  await settle(producer.send({ topic: "orders", value: "first" }));
  logs.fault = () => "silence";
  const startMs = scripted.client.clock.monotonicMs();
  const error = await errorOf(settle(producer.send({ topic: "orders", value: "lost" })));
  assert.ok(error instanceof KafkaError);
  assert.equal(error.code, "DELIVERY_TIMED_OUT");
  assert.equal(Math.round(scripted.client.clock.monotonicMs() - startMs), 5_000);
  logs.fault = () => undefined;
  await settle(producer.send({ topic: "orders", value: "after" }));
  assert.deepEqual(logs.values("orders"), ["first", "after"]);
  // Nobody knows whether the lost record was stored: the producer goes on in a new epoch.
  assert.equal(logs.seen.at(-1)?.producerEpoch, 1);
  assert.equal(logs.seen.at(-1)?.baseSequence, 0);
});

test("records after lost leadership go to the leader that the refusal names, at once", async () => {
  const { producer, logs, settle, scripted } = await producing({}, { brokers: 2 });
  await settle(producer.send({ topic: "orders", value: "first" }));
  const topic = scripted.topics.get("orders");
  assert.ok(topic?.partitions[0] !== undefined);
  topic.partitions[0] = { leader: 2, leaderEpoch: 1 };
  const currentLeader = { leaderId: 2, leaderEpoch: 1 };
  logs.fault = ({ broker }) =>
    broker === 1 ? { errorCode: errorCodes.NOT_LEADER_OR_FOLLOWER, currentLeader } : undefined;
  const startMs = scripted.client.clock.monotonicMs();
  await settle(producer.send({ topic: "orders", value: "second" }));
  assert.ok(scripted.client.clock.monotonicMs() - startMs < 50);
  assert.equal(logs.seen.at(-1)?.broker, 2);
  assert.deepEqual(logs.values("orders"), ["first", "second"]);
});

test("records of a partition without a leader wait for one", async () => {
  const { producer, logs, settle, scripted } = await producing();
  await settle(producer.send({ topic: "orders", value: "first" }));
  const partition = scripted.topics.get("orders")?.partitions[0];
  assert.ok(partition !== undefined);
  partition.leader = -1;
  partition.leaderEpoch = 1;
  logs.fault = () => (partition.leader < 0 ? "NOT_LEADER_OR_FOLLOWER" : undefined);
  const sent = producer.send({ topic: "orders", value: "second" });
  await scripted.advance(3_000);
  partition.leader = 1;
  partition.leaderEpoch = 2;
  await settle(sent);
  assert.deepEqual(logs.values("orders"), ["first", "second"]);
});

test("a topic that was made anew is found by its new id", async () => {
  const { producer, logs, settle, scripted } = await producing();
  await settle(producer.send({ topic: "orders", value: "first" }));
  const { id } = scripted.addTopic("orders");
  logs.forgetProducers();
  logs.fault = ({ topic }) => (topic === "" ? "UNKNOWN_TOPIC_ID" : undefined);
  await settle(producer.send({ topic: "orders", value: "second" }));
  assert.equal(scripted.topics.get("orders")?.id, id);
  assert.deepEqual(logs.values("orders"), ["first", "second"]);
});

test("without acknowledgements records have no offset", async () => {
  const { producer, logs, settle, scripted } = await producing({ acks: 0 });
  const metadata = await settle(producer.send({ topic: "orders", value: "v" }));
  assert.equal(metadata.offset, -1n);
  await scripted.advance(100);
  assert.deepEqual(logs.values("orders"), ["v"]);
  assert.equal(logs.seen[0]?.producerId, -1);
});

test("lingerMs holds records back, flush does not wait for it", async () => {
  const { producer, logs, settle, scripted } = await producing({ lingerMs: 1_000 });
  await settle(producer.flush());
  const first = producer.send({ topic: "orders", value: "a" });
  await scripted.advance(500);
  const second = producer.send({ topic: "orders", value: "b" });
  await settle(Promise.all([first, second]));
  assert.equal(logs.seen.length, 1);
  const third = producer.send({ topic: "orders", value: "c" });
  const startMs = scripted.client.clock.monotonicMs();
  await settle(producer.flush());
  assert.ok(scripted.client.clock.monotonicMs() - startMs < 100);
  await third;
});

test("a lost record of enqueue is told to onError and by the next flush, once", async () => {
  const lost: [string, number][] = [];
  const onError = (error: KafkaError, count: number): number => lost.push([error.code, count]);
  const { producer, logs, settle } = await producing({ onError });
  logs.fault = () => "INVALID_RECORD";
  for (const value of texts(3)) void producer.enqueue({ topic: "orders", value });
  const error = await errorOf(settle(producer.flush()));
  assert.ok(error instanceof KafkaError);
  assert.equal(error.code, "INVALID_RECORD");
  assert.match(error.message, /3 records were lost/);
  assert.deepEqual(lost, [["INVALID_RECORD", 3]]);
  await settle(producer.flush());
});

test("close sends what is left; after it nothing is taken", async () => {
  const { producer, logs, settle } = await producing();
  const sent = producer.send({ topic: "orders", value: "v" });
  await settle(producer.close());
  await sent;
  assert.deepEqual(logs.values("orders"), ["v"]);
  const error = await errorOf(producer.send({ topic: "orders", value: "late" }));
  assert.ok(error instanceof KafkaError);
  assert.equal(error.code, "CLIENT_CLOSED");
});

test("close with a time-out fails what is left when it is over", async () => {
  const { producer, settle, scripted } = await producing();
  await settle(producer.send({ topic: "orders", value: "first" }));
  scripted.broker(1).isFrozen = true;
  const sent = errorOf(producer.send({ topic: "orders", value: "v" }));
  await settle(producer.close({ timeoutMs: 500 }));
  const error = await settle(sent);
  assert.ok(error instanceof KafkaError);
  assert.equal(error.code, "CLIENT_CLOSED");
});

test("an id that may not be had makes the producer fail for good", async () => {
  const { producer, settle, scripted } = await producing();
  scripted.onAll(InitProducerId, () => ({
    errorCode: errorCodes.CLUSTER_AUTHORIZATION_FAILED,
    throttleTimeMs: 0,
    producerEpoch: -1,
  }));
  const error = await errorOf(settle(producer.send({ topic: "orders", value: "v" })));
  assert.ok(error instanceof KafkaError);
  assert.equal(error.code, "CLUSTER_AUTHORIZATION_FAILED");
  assert.equal(error.fatal, true);
  const second = await errorOf(producer.send({ topic: "orders", value: "v" }));
  assert.equal(second, error);
});

test("partitions that retention emptied do not stop an idempotent producer (KIP-360)", async () => {
  const { producer, logs, settle } = await producing();
  await settle(producer.sendMany(texts(5).map((value) => ({ topic: "orders", value }))));
  logs.fault = ({ producerEpoch }) =>
    producerEpoch === 0
      ? { errorCode: errorCodes.UNKNOWN_PRODUCER_ID, logStartOffset: 5 }
      : undefined;
  const sent = texts(3, "w").map((value) => producer.send({ topic: "orders", value }));
  await settle(Promise.all(sent));
  assert.deepEqual(logs.values("orders"), [...texts(5), ...texts(3, "w")]);
  assert.equal(logs.seen.at(-1)?.producerEpoch, 1);
});

test("whatever goes wrong on the wire, records are stored once and in order", async () => {
  const faults: readonly (Fault | undefined)[] = [
    undefined,
    undefined,
    undefined,
    "cut before",
    "cut after",
    "NOT_LEADER_OR_FOLLOWER",
    "NOT_ENOUGH_REPLICAS",
    "REQUEST_TIMED_OUT",
    "silence",
  ];
  const plans = fc.array(fc.nat(faults.length - 1), { maxLength: 40 });
  const property = fc.asyncProperty(plans, fc.nat(1000), async (plan, seed) => {
    const { producer, logs, settle, scripted } = await producing(
      { batchSize: 200, requestTimeoutMs: 2_000 },
      { seed, partitions: 2, brokers: 2 },
    );
    let step = 0;
    logs.fault = () => faults[plan[step++] ?? 0];
    const sent: Promise<unknown>[] = [];
    for (const [index, value] of texts(60).entries()) {
      sent.push(producer.send({ topic: "orders", value, partition: index % 2 }));
      if (index % 7 === 0) await scripted.advance(index % 5);
    }
    await settle(Promise.all(sent));
    const halves = [0, 1].map((half) => texts(60).filter((_, index) => index % 2 === half));
    assert.deepEqual(logs.values("orders", 0), halves[0]);
    assert.deepEqual(logs.values("orders", 1), halves[1]);
    await settle(producer.close());
  });
  await fc.assert(property, { numRuns: 60 });
});

/** What became of a record, in a word. */
function codeOf(outcome: PromiseSettledResult<unknown>): string {
  if (outcome.status === "fulfilled") return "stored";
  return outcome.reason instanceof KafkaError ? outcome.reason.code : String(outcome.reason);
}

test("a topic that rested goes on with its sequence, so that nothing is taken for a double", async () => {
  const { producer, logs, settle, scripted } = await producing(
    {},
    { client: { metadataMaxIdleMs: 10_000 } },
  );
  await settle(producer.send({ topic: "orders", value: "first" }));
  await scripted.advance(30_000);
  await settle(producer.send({ topic: "orders", value: "second" }));
  assert.deepEqual(logs.values("orders"), ["first", "second"]);
  assert.deepEqual([logs.seen.at(-1)?.producerEpoch, logs.seen.at(-1)?.baseSequence], [0, 1]);
});
