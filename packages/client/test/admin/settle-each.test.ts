import assert from "node:assert/strict";
import { test } from "node:test";

import { CreateTopics, DeleteGroups, errorCodes, FindCoordinator } from "@millrace/protocol";

import { Admin } from "../../src/admin/admin.ts";
import { KafkaError } from "../../src/errors/kafka-error.ts";
import { ScriptedCluster } from "../support/scripted-cluster.ts";

function createdTopic(
  name: string,
  errorCode: number,
): { name: string; errorCode: number; errorMessage: null; configs: [] } {
  return { name, errorCode, errorMessage: null, configs: [] };
}

function codesOf(outcomes: ReadonlyMap<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    [...outcomes].map(([key, one]) => [key, one instanceof KafkaError ? one.code : "NONE"]),
  );
}

test("only what may pass is tried again, and the order of the items stays", async () => {
  const world = await new ScriptedCluster().start();
  let calls = 0;
  const asked: string[][] = [];
  world.onAll(CreateTopics, ({ topics }) => {
    calls += 1;
    asked.push(topics.map(({ name }) => name));
    const moved = calls === 1 ? errorCodes.NOT_CONTROLLER : errorCodes.NONE;
    return {
      throttleTimeMs: 0,
      topics: topics.map(({ name }) =>
        createdTopic(name, name === "bad" ? errorCodes.INVALID_TOPIC_EXCEPTION : moved),
      ),
    };
  });
  const cluster = world.connect();
  const admin = new Admin(cluster);
  const outcomes = await world.settle(
    admin.createTopics([{ name: "a" }, { name: "bad" }, { name: "b" }]),
  );
  assert.deepEqual(codesOf(outcomes), { a: "NONE", bad: "INVALID_TOPIC_EXCEPTION", b: "NONE" });
  assert.deepEqual([...outcomes.keys()], ["a", "bad", "b"]);
  assert.deepEqual(asked, [
    ["a", "bad", "b"],
    ["a", "b"],
  ]);
  await cluster.close();
});

test("what does not pass in time is REQUEST_TIMED_OUT with its last error as the cause", async () => {
  const world = await new ScriptedCluster().start();
  world.onAll(CreateTopics, ({ topics }) => ({
    throttleTimeMs: 0,
    topics: topics.map(({ name }) => createdTopic(name, errorCodes.THROTTLING_QUOTA_EXCEEDED)),
  }));
  const cluster = world.connect();
  const admin = new Admin(cluster);
  const outcomes = await world.settle(admin.createTopics([{ name: "a" }], { timeoutMs: 5000 }));
  const error = outcomes.get("a");
  assert.ok(error instanceof KafkaError && error.cause instanceof KafkaError);
  assert.equal(error.code, "REQUEST_TIMED_OUT");
  assert.equal(error.cause.code, "THROTTLING_QUOTA_EXCEEDED");
  const once = await world.settle(
    admin.createTopics([{ name: "a" }], { retryOnQuotaViolation: false }),
  );
  assert.deepEqual(codesOf(once), { a: "THROTTLING_QUOTA_EXCEEDED" });
  await cluster.close();
});

test("groups are asked for at their coordinators together, and one that moved is found again", async () => {
  const world = await new ScriptedCluster({ brokers: 2 }).start();
  let home = 1;
  world.coordinatorOf = (_, key) => (key === "far" ? 2 : home);
  world.onAll(DeleteGroups, ({ groupsNames }, { broker }) => ({
    throttleTimeMs: 0,
    results: groupsNames.map((groupId) => ({
      groupId,
      errorCode:
        groupId !== "far" && broker.id === 1 ? errorCodes.NOT_COORDINATOR : errorCodes.NONE,
    })),
  }));
  const cluster = world.connect();
  const admin = new Admin(cluster);
  const deleting = admin.deleteConsumerGroups(["a", "far", "b"]);
  await world.advance(50);
  home = 2;
  assert.deepEqual(codesOf(await world.settle(deleting)), { a: "NONE", far: "NONE", b: "NONE" });
  const first = world.broker(1).requestsOf(DeleteGroups);
  assert.deepEqual(first[0]?.groupsNames, ["a", "b"]);
  const looks = world.brokers.flatMap((broker) => broker.requestsOf(FindCoordinator));
  assert.ok(looks.length >= 5, `${looks.length} looks for coordinators`);
  await cluster.close();
});

test("the caller's signal ends a call that waits", async () => {
  const world = await new ScriptedCluster().start();
  world.onAll(CreateTopics, () => undefined);
  const cluster = world.connect();
  const abort = new AbortController();
  const creating = new Admin(cluster).createTopics([{ name: "a" }], { signal: abort.signal });
  const rejected = assert.rejects(creating, { code: "ABORTED" });
  await world.advance(100);
  abort.abort();
  await world.settle(rejected);
  await cluster.close();
});
