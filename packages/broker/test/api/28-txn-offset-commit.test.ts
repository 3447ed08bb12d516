import assert from "node:assert/strict";
import { test } from "node:test";

import {
  AddOffsetsToTxn,
  errorName,
  FindCoordinator,
  OffsetFetch,
  TxnOffsetCommit,
} from "@millrace/protocol";

import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";
import { TransactionalProducer } from "../support/transactional-producer.ts";

async function start() {
  const fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  await fixture.request(FindCoordinator, 4, { keyType: 0, coordinatorKeys: ["g"] });
  return { fixture, producer: await TransactionalProducer.start(fixture) };
}

async function commit(
  fixture: BrokerFixture,
  producer: TransactionalProducer,
  options: { readonly version: number; readonly offset: number; readonly topic?: string },
): Promise<string> {
  const { transactionalId, producerId, producerEpoch } = producer;
  const partition = {
    partitionIndex: 0,
    committedOffset: options.offset,
    committedMetadata: null,
  };
  const answer = await fixture.request(TxnOffsetCommit, options.version, {
    transactionalId,
    groupId: "g",
    producerId,
    producerEpoch,
    topics: [{ name: options.topic ?? "orders", partitions: [partition] }],
  });
  return errorName(answer.topics[0]?.partitions[0]?.errorCode ?? -1);
}

async function committedOffset(fixture: BrokerFixture, requireStable: boolean) {
  const answer = await fixture.request(OffsetFetch, 8, {
    groups: [{ groupId: "g", topics: [{ name: "orders", partitionIndexes: [0] }] }],
    requireStable,
  });
  const [told] = answer.groups[0]?.topics[0]?.partitions ?? [];
  return [errorName(told?.errorCode ?? -1), told?.committedOffset];
}

test("offsets count when their transaction commits; until then they are unstable", async () => {
  const { fixture, producer } = await start();
  await using _ = fixture;
  assert.equal(await commit(fixture, producer, { version: 5, offset: 40 }), "NONE");
  assert.deepEqual(await committedOffset(fixture, true), ["UNSTABLE_OFFSET_COMMIT", -1]);
  assert.deepEqual(await committedOffset(fixture, false), ["NONE", -1]);
  await producer.end(true);
  await fixture.platform.clock.advance(100);
  assert.deepEqual(await committedOffset(fixture, true), ["NONE", 40]);
});

test("offsets of an aborted transaction never count", async () => {
  const { fixture, producer } = await start();
  await using _ = fixture;
  await commit(fixture, producer, { version: 5, offset: 40 });
  await producer.end(false);
  await fixture.platform.clock.advance(100);
  assert.deepEqual(await committedOffset(fixture, true), ["NONE", -1]);
});

test("an older client must have added its offsets", async () => {
  const { fixture, producer } = await start();
  await using _ = fixture;
  const offsets = { version: 3, offset: 7 };
  assert.equal(await commit(fixture, producer, offsets), "INVALID_TXN_STATE");
  const { transactionalId, producerId, producerEpoch } = producer;
  const body = { transactionalId, producerId, producerEpoch, groupId: "g" };
  const added = await fixture.request(AddOffsetsToTxn, 0, body);
  assert.equal(errorName(added.errorCode), "NONE");
  assert.equal(await commit(fixture, producer, offsets), "NONE");
});

test("offsets of a topic that is not there are refused", async () => {
  const { fixture, producer } = await start();
  await using _ = fixture;
  const error = await commit(fixture, producer, { version: 5, offset: 7, topic: "nowhere" });
  assert.equal(error, "UNKNOWN_TOPIC_OR_PARTITION");
});
