import assert from "node:assert/strict";
import { test } from "node:test";

import { errorCodes, InitProducerId } from "@millrace/protocol";

import { KafkaError } from "../../../src/errors/kafka-error.ts";
import { errorOf, producing } from "../support/producing.ts";

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
