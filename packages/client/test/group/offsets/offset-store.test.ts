import assert from "node:assert/strict";
import { test } from "node:test";
import {
  errorCodes,
  type ErrorName,
  FindCoordinator,
  OffsetCommit,
  OffsetFetch,
  versionsOf,
} from "@millrace/protocol";
import { openGroup } from "../../../src/group/open-group.ts";
import { ScriptedCluster } from "../../support/scripted-cluster.ts";
import { groupOptions, RecordingListener } from "../group-fixture.ts";

const offset = { topic: "t", partition: 1, offset: 5, leaderEpoch: 3, metadata: "note" };

/** A coordinator that keeps one offset, of a consumer that is no member. */
async function offsetsOf(errors: readonly ErrorName[] = [], fetchVersion?: number) {
  const scripted = await new ScriptedCluster().start();
  scripted.addTopic("t", 2);
  const broker = scripted.broker(1);
  const left = [...errors];
  const nextError = (): number => errorCodes[left.shift() ?? "NONE"];
  if (fetchVersion !== undefined) {
    for (const api of [OffsetFetch, OffsetCommit]) {
      broker.versions.set(api.key, { ...versionsOf(api), last: fetchVersion });
    }
  }
  broker.on(OffsetCommit, ({ topics }) => ({
    topics: topics.map(({ name, topicId, partitions }) => ({
      name,
      topicId,
      partitions: partitions.map(({ partitionIndex }) => ({
        partitionIndex,
        errorCode: nextError(),
      })),
    })),
  }));
  broker.on(OffsetFetch, ({ groups, topics }, { version }) => {
    const errorCode = nextError();
    const answered = (partitionIndexes: readonly number[]) =>
      partitionIndexes.map((partitionIndex) => ({
        partitionIndex,
        committedOffset: partitionIndex === 1 ? 5 : -1,
        committedLeaderEpoch: partitionIndex === 1 ? 3 : -1,
        metadata: partitionIndex === 1 ? "note" : "",
        errorCode,
      }));
    if (version < 8) {
      return {
        topics: (topics ?? []).map(({ name, partitionIndexes }) => ({
          name,
          partitions: answered(partitionIndexes),
        })),
      };
    }
    return {
      groups: groups.map(({ groupId, topics: asked }) => ({
        groupId,
        topics: (asked ?? []).map(({ name, topicId, partitionIndexes }) => ({
          name,
          topicId,
          partitions: answered(partitionIndexes),
        })),
      })),
    };
  });
  const cluster = scripted.connect();
  const { offsets } = openGroup(cluster, groupOptions(), new RecordingListener());
  await scripted.settle(cluster.metadata.load(["t"]));
  return { scripted, broker, offsets };
}

test("a consumer that is no member commits as nobody, by topic id where it is known", async () => {
  const { scripted, broker, offsets } = await offsetsOf();
  await scripted.settle(offsets.commit([offset]));
  const [request] = broker.requestsOf(OffsetCommit);
  assert.equal(request?.memberId, "");
  assert.equal(request?.generationIdOrMemberEpoch, -1);
  assert.equal(request?.topics[0]?.topicId, scripted.topics.get("t")?.id);
  assert.deepEqual(request?.topics[0]?.partitions, [
    { partitionIndex: 1, committedOffset: 5, committedLeaderEpoch: 3, committedMetadata: "note" },
  ]);
});

test("committed offsets come back, in old versions too; partitions without one do not", async () => {
  for (const version of [undefined, 9, 7, 5]) {
    const { scripted, offsets } = await offsetsOf([], version);
    const partitions = [{ topic: "t", partition: 0 }, offset];
    const fetched = await scripted.settle(offsets.fetch(partitions));
    assert.deepEqual(fetched, [offset], `version ${version}`);
  }
});

test("errors that pass are tried again; a coordinator that moved is looked for", async () => {
  const { scripted, broker, offsets } = await offsetsOf([
    "COORDINATOR_LOAD_IN_PROGRESS",
    "NOT_COORDINATOR",
    "UNKNOWN_TOPIC_ID",
  ]);
  await scripted.settle(offsets.commit([offset]));
  assert.equal(broker.requestsOf(OffsetCommit).length, 4);
  assert.equal(broker.requestsOf(FindCoordinator).length, 2);
});

test("offsets of open transactions are waited for when they have to be stable", async () => {
  const { scripted, broker, offsets } = await offsetsOf(["UNSTABLE_OFFSET_COMMIT"]);
  const fetched = await scripted.settle(offsets.fetch([offset], { isStable: true }));
  assert.deepEqual(fetched, [offset]);
  assert.ok(broker.requestsOf(OffsetFetch).every(({ requireStable }) => requireStable));
});

test("what cannot be mended is told with its partition; what does not pass, after the time", async () => {
  const refused = await offsetsOf(["GROUP_AUTHORIZATION_FAILED"]);
  await assert.rejects(refused.scripted.settle(refused.offsets.commit([offset])), {
    code: "GROUP_AUTHORIZATION_FAILED",
    topic: "t",
    partition: 1,
  });
  const slow = await offsetsOf(Array.from({ length: 200 }, () => "COORDINATOR_LOAD_IN_PROGRESS"));
  await assert.rejects(slow.scripted.settle(slow.offsets.commit([offset], { timeoutMs: 3_000 })), {
    code: "REQUEST_TIMED_OUT",
  });
});
