import assert from "node:assert/strict";
import { test } from "node:test";
import { errorCodes } from "@millrace/protocol";
import { asKafkaError, errorFromCode, KafkaError } from "../../src/errors/kafka-error.ts";

test("the message says what failed, where, and what to do", () => {
  const error = new KafkaError("NOT_ENOUGH_REPLICAS", "the batch was refused", {
    api: "Produce",
    topic: "orders",
    partition: 3,
    node: 2,
  });
  assert.equal(
    error.message,
    "NOT_ENOUGH_REPLICAS: the batch was refused (Produce, topic orders-3, broker 2). " +
      "Fewer replicas are in sync than min.insync.replicas: a broker is down.",
  );
  assert.equal(error.retriable, true);
  assert.equal(error.fatal, false);
});

test("an error code becomes its name, with what the broker said beside it", () => {
  const place = { api: "CreateTopics", topic: "a", brokerMessage: "replication factor 9" };
  const error = errorFromCode(errorCodes.INVALID_REPLICATION_FACTOR, place);
  assert.equal(error.code, "INVALID_REPLICATION_FACTOR");
  assert.match(error.message, /replication factor 9/);
  assert.equal(errorFromCode(errorCodes.PRODUCER_FENCED, {}).fatal, true);
  assert.equal(errorFromCode(errorCodes.TRANSACTION_ABORTABLE, {}).abortable, true);
});

test("a KafkaError stays itself; anything else becomes the cause of one", () => {
  const error = new KafkaError("ABORTED", "x");
  assert.equal(asKafkaError(error, "NETWORK_EXCEPTION", { what: "y" }), error);
  const cause = new Error("reset");
  const wrapped = asKafkaError(cause, "NETWORK_EXCEPTION", { what: "sending" });
  assert.equal(wrapped.cause, cause);
  assert.equal(wrapped.reason, "sending: reset");
});
