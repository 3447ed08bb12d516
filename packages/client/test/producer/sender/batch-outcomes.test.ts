import assert from "node:assert/strict";
import { test } from "node:test";

import { errorCodes } from "@millrace/protocol";

import { KafkaError } from "../../../src/errors/kafka-error.ts";
import { errorOf, producing, texts } from "../support/producing.ts";

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
