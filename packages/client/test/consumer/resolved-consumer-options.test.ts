import assert from "node:assert/strict";
import { test } from "node:test";

import { resolveConsumerOptions } from "../../src/consumer/resolved-consumer-options.ts";
import { KafkaError } from "../../src/errors/kafka-error.ts";

const client = { clientRack: "west", defaultApiTimeoutMs: 60_000 };

test("defaults are Java's", () => {
  const options = resolveConsumerOptions({ groupId: "g" }, client);
  assert.equal(options.offsetReset, "latest");
  assert.equal(options.autoCommitIntervalMs, 5_000);
  assert.equal(options.isolation, "read_uncommitted");
  assert.equal(options.maxPollIntervalMs, 300_000);
  assert.equal(options.sessionTimeoutMs, 45_000);
  assert.equal(options.heartbeatIntervalMs, 3_000);
  assert.equal(options.fetchMaxBytes, 52_428_800);
  assert.equal(options.maxPartitionFetchBytes, 1_048_576);
  assert.deepEqual(options.partitionAssignors, ["range", "cooperative-sticky"]);
  assert.equal(options.clientRack, "west");
});

test("without a group nothing is committed by itself", () => {
  assert.equal(resolveConsumerOptions({}, client).autoCommitIntervalMs, undefined);
});

test("what cannot be used is refused by name", () => {
  const cases: readonly [object, RegExp][] = [
    [{ grupId: "g" }, /grupId.*groupId/],
    [{ offsetReset: "first" }, /offsetReset/],
    [{ offsetReset: { by: -1 } }, /offsetReset/],
    [{ maxPollIntervalMs: 0 }, /maxPollIntervalMs/],
    [{ fetchMinBytes: -1 }, /fetchMinBytes/],
    [{ groupId: " " }, /groupId/],
    [{ groupInstanceId: "a" }, /groupInstanceId/],
    [{ groupId: "g", heartbeatIntervalMs: 50_000 }, /heartbeatIntervalMs/],
    [{ groupId: "g", autoCommit: { intervalMs: 0 } }, /autoCommit/],
    [{ autoCommit: "no" as never }, /autoCommit is "no"/],
    [{ isolation: "committed" as never }, /isolation is "committed"/],
    [{ groupProtocol: "new" as never }, /groupProtocol is "new"/],
    [{ unreadable: "drop" as never }, /unreadable is "drop"/],
    [{ value: 5 as never }, /value is no deserializer/],
    // The coordinator decides it: Java refuses these, too.
    [{ groupId: "g", groupProtocol: "consumer", sessionTimeoutMs: 9_000 }, /sessionTimeoutMs/],
    [{ groupId: "g", groupProtocol: "consumer", heartbeatIntervalMs: 9 }, /heartbeatIntervalMs/],
    [{ groupId: "g", groupProtocol: "consumer", partitionAssignors: [] }, /partitionAssignors/],
  ];
  for (const [given, message] of cases) {
    assert.throws(
      () => resolveConsumerOptions(given, client),
      (error) => {
        assert.ok(error instanceof KafkaError);
        assert.equal(error.code, "INVALID_OPTION");
        assert.match(error.message, message);
        return true;
      },
    );
  }
});
