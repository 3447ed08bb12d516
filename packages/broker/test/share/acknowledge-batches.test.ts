import assert from "node:assert/strict";
import { test } from "node:test";

import { errorName, type RequestInput, ShareAcknowledge } from "@millrace/protocol";

import { BrokerFixture } from "../support/broker-fixture.ts";
import { produced, ShareMember } from "../support/share-member.ts";

type Batch = RequestInput<
  typeof ShareAcknowledge
>["topics"][number]["partitions"][number]["acknowledgementBatches"][number];

test("batches out of order, without types, or of unknown types are refused", async () => {
  await using fixture = await BrokerFixture.start();
  await produced(fixture, "orders", ["a", "b", "c", "d"]);
  const member = await ShareMember.join(fixture, {
    group: "g",
    topic: "orders",
    configs: { "share.auto.offset.reset": "earliest" },
  });
  await member.fetch();
  let epoch = 1;
  const errorOf = async (
    batches: readonly Batch[],
    version = 2,
    isRenewAck = false,
  ): Promise<string> => {
    const [topic] = member.request().topics;
    assert.ok(topic !== undefined);
    const answer = await fixture.request(ShareAcknowledge, version, {
      groupId: "g",
      memberId: member.memberId,
      shareSessionEpoch: epoch,
      ...(version >= 2 ? { isRenewAck } : {}),
      topics: [
        {
          topicId: topic.topicId,
          partitions: [{ partitionIndex: 0, acknowledgementBatches: batches }],
        },
      ],
    });
    assert.equal(errorName(answer.errorCode), "NONE");
    epoch += 1;
    return errorName(answer.responses[0]?.partitions[0]?.errorCode ?? -1);
  };
  const batch = (firstOffset: number, lastOffset: number, ...types: number[]): Batch => ({
    firstOffset,
    lastOffset,
    acknowledgeTypes: types,
  });
  assert.equal(await errorOf([batch(2, 1, 1)]), "INVALID_REQUEST");
  assert.equal(await errorOf([batch(2, 3, 1), batch(0, 1, 1)]), "INVALID_REQUEST");
  assert.equal(await errorOf([batch(0, 1)]), "INVALID_REQUEST");
  assert.equal(await errorOf([batch(0, 3, 1, 1)]), "INVALID_REQUEST");
  assert.equal(await errorOf([batch(0, 0, 5)]), "INVALID_REQUEST");
  assert.equal(await errorOf([batch(0, 0, -1)]), "INVALID_REQUEST");
  assert.equal(await errorOf([batch(0, 0, 4)]), "INVALID_REQUEST");
  assert.equal(await errorOf([batch(0, 0, 4)], 1), "INVALID_REQUEST");
  assert.equal(await errorOf([batch(0, 0, 4)], 2, true), "NONE");
  assert.equal(await errorOf([]), "NONE");
  assert.equal(await errorOf([batch(0, 3, 1, 2, 3, 0)]), "NONE");
});
