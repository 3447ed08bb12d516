import assert from "node:assert/strict";
import { test } from "node:test";

import { errorName, ShareAcknowledge, ShareFetch, ZERO_UUID } from "@millrace/protocol";

import { BrokerFixture } from "../support/broker-fixture.ts";
import { configure, produced, ShareMember } from "../support/share-member.ts";

const configs = { "share.auto.offset.reset": "earliest" };
const options = { group: "g", topic: "orders", configs };

async function fetched(): Promise<{ fixture: BrokerFixture; member: ShareMember }> {
  const fixture = await BrokerFixture.start();
  await produced(fixture, "orders", ["a", "b", "c", "d"]);
  const member = await ShareMember.join(fixture, options);
  await member.fetch();
  return { fixture, member };
}

test("a group may forbid to renew locks", async () => {
  const { fixture, member } = await fetched();
  await using _ = fixture;
  assert.equal(await member.acknowledge([[0, 0, 4]]), "NONE");
  await configure(fixture, 32, "g", { "share.renew.acknowledge.enable": "false" });
  assert.equal(await member.acknowledge([[0, 0, 4]]), "INVALID_RECORD_STATE");
});

test("a fetch that renews asks for nothing else", async () => {
  const { fixture, member } = await fetched();
  await using _ = fixture;
  const renewing = { ...member.request({ acknowledge: [[0, 3, 4]] }), isRenewAck: true };
  const greedy = await fixture.request(ShareFetch, 2, renewing);
  assert.equal(errorName(greedy.errorCode), "INVALID_REQUEST");
  const modest = await fixture.request(ShareFetch, 2, {
    ...renewing,
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: 0,
    maxRecords: 0,
  });
  assert.equal(errorName(modest.errorCode), "NONE");
  assert.equal(modest.acquisitionLockTimeoutMs, 30_000);
  const partition = modest.responses[0]?.partitions[0];
  assert.equal(errorName(partition?.acknowledgeErrorCode ?? -1), "NONE");
});

test("topics and partitions that nobody knows are named as such", async () => {
  const { fixture, member } = await fetched();
  await using _ = fixture;
  const [topic] = member.request().topics;
  assert.ok(topic !== undefined);
  const accepts = [{ firstOffset: 0, lastOffset: 0, acknowledgeTypes: [1] }];
  const answer = await fixture.request(ShareAcknowledge, 2, {
    groupId: "g",
    memberId: member.memberId,
    shareSessionEpoch: 1,
    topics: [
      {
        topicId: topic.topicId,
        partitions: [{ partitionIndex: 9, acknowledgementBatches: accepts }],
      },
      {
        topicId: ZERO_UUID,
        partitions: [{ partitionIndex: 0, acknowledgementBatches: accepts }],
      },
    ],
  });
  assert.deepEqual(
    answer.responses.map(({ partitions }) => errorName(partitions[0]?.errorCode ?? -1)),
    ["UNKNOWN_TOPIC_OR_PARTITION", "UNKNOWN_TOPIC_ID"],
  );
});
