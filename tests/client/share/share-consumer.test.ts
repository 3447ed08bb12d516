/** Share groups: records are locked, accepted, given back, rejected, renewed, and come again. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import { Client, type ShareConsumer, type ShareRecord } from "@millrace/client";

import { createTopic } from "../consumer/topics.ts";
import { type ClientBroker, eachBroker } from "../src/index.ts";
import { newShareGroup } from "./share-group.ts";

const timeoutMs = 60_000;
const options = {
  needs: ["ShareGroupHeartbeat", "ShareFetch", "ShareAcknowledge"],
  timeoutMs,
} as const;

async function topicWith(broker: ClientBroker, client: Client, count: number): Promise<string> {
  const topic = await createTopic(broker);
  await using producer = client.producer();
  const values = Array.from({ length: count }, (_, index) => Buffer.from(`v${index}`));
  await producer.sendMany(values.map((value) => ({ topic, partition: 0, key: null, value })));
  return topic;
}

/** Takes records until there are so many, or none comes for a while. */
async function take(share: ShareConsumer, count: number, waitMs = 15_000): Promise<ShareRecord[]> {
  const records: ShareRecord[] = [];
  const endMs = Date.now() + waitMs;
  while (records.length < count && Date.now() < endMs) {
    const maxWaitMs = endMs - Date.now();
    records.push(...(await share.take({ maxRecords: count - records.length, maxWaitMs })));
  }
  return records;
}

const offsetsOf = (records: readonly ShareRecord[]): readonly number[] =>
  records.map(({ offsetNumber }) => offsetNumber);

eachBroker("what is accepted does not come again, what is left does", options, async (broker) => {
  await using client = new Client({ bootstrap: broker.bootstrap });
  const groupId = await newShareGroup(broker);
  const topic = await topicWith(broker, client, 6);
  {
    await using share = client.shareConsumer({ groupId });
    share.subscribe(topic);
    const seen: number[] = [];
    for await (const record of share) {
      seen.push(record.offsetNumber);
      assert.equal(record.deliveryCount, 1);
      assert.equal(String(record.value), `v${record.offsetNumber}`);
      // Leaving the loop does not accept the record at which it was left.
      if (seen.length === 4) break;
    }
    assert.deepEqual(seen, [0, 1, 2, 3]);
  }
  await using share = client.shareConsumer({ groupId });
  share.subscribe(topic);
  const again = await take(share, 3);
  assert.deepEqual(offsetsOf(again), [3, 4, 5]);
  assert.deepEqual(
    again.map(({ deliveryCount }) => deliveryCount),
    [2, 2, 2],
  );
  const outcomes = await share.commit();
  assert.deepEqual(
    outcomes.map(({ offsets, error }) => ({ offsets, error })),
    [{ offsets: [3n, 4n, 5n], error: undefined }],
  );
});

eachBroker("each record has its own answer", options, async (broker) => {
  await using client = new Client({ bootstrap: broker.bootstrap });
  const groupId = await newShareGroup(broker);
  const topic = await topicWith(broker, client, 6);
  await using share = client.shareConsumer({ groupId, acknowledgement: "explicit" });
  share.subscribe(topic);
  for (const record of await take(share, 6)) {
    if (record.offsetNumber === 1 || record.offsetNumber === 4) record.release();
    else if (record.offsetNumber === 2) record.reject();
    else record.accept();
    assert.throws(() => record.renew(), { code: "ILLEGAL_STATE" });
  }
  const again = await take(share, 2);
  assert.deepEqual(offsetsOf(again), [1, 4]);
  for (const record of again) {
    assert.equal(record.deliveryCount, 2);
    record.accept();
  }
  const outcomes = await share.commit();
  assert.deepEqual(
    outcomes.map(({ error }) => error),
    [undefined],
  );
  assert.deepEqual(await take(share, 1, 1_500), []);
});

eachBroker(
  "a lock that ends gives its record to another, unless it is renewed",
  options,
  async (broker) => {
    await using client = new Client({ bootstrap: broker.bootstrap });
    const groupId = await newShareGroup(broker, { "share.record.lock.duration.ms": "5000" }).catch(
      () => newShareGroup(broker),
    );
    const topic = await topicWith(broker, client, 2);
    await using holder = client.shareConsumer({ groupId, acknowledgement: "explicit" });
    holder.subscribe(topic);
    const [kept, dropped] = await take(holder, 2);
    assert.ok(kept !== undefined && dropped !== undefined);
    await using other = client.shareConsumer({ groupId, acknowledgement: "explicit" });
    other.subscribe(topic);
    await sleep(Math.max(0, dropped.lockRemainingMs - 2_000));
    const beforeMs = kept.lockRemainingMs;
    kept.renew();
    const outcomes = await holder.commit();
    assert.deepEqual(
      outcomes.map(({ offsets, error }) => ({ offsets, error })),
      [{ offsets: [0n], error: undefined }],
    );
    assert.ok(kept.lockRemainingMs > beforeMs, `${kept.lockRemainingMs} after ${beforeMs} ms`);
    const [came] = await take(other, 1);
    assert.equal(came?.offsetNumber, 1);
    assert.equal(came?.deliveryCount, 2);
    came?.accept();
    // Too late: the broker says so, and nothing is thrown.
    dropped.accept();
    const [late] = await holder.commit();
    assert.equal(late?.error?.code, "INVALID_RECORD_STATE");
    kept.accept();
    assert.deepEqual(
      (await holder.commit()).map(({ error }) => error),
      [undefined],
    );
  },
);

eachBroker("members share the records of one partition", options, async (broker) => {
  await using client = new Client({ bootstrap: broker.bootstrap });
  const groupId = await newShareGroup(broker);
  const topic = await topicWith(broker, client, 0);
  const seen: string[] = [];
  const members = [0, 1].map(() =>
    client.shareConsumer({ groupId, maxPollRecords: 5, acquireMode: "record_limit" }),
  );
  const counts = [0, 0];
  const loops = members.map(async (share, index) => {
    share.subscribe(topic);
    for await (const record of share) {
      seen.push(String(record.value));
      counts[index] = (counts[index] ?? 0) + 1;
      await sleep(2);
    }
  });
  const untilJoined = async (): Promise<void> => {
    while (members.some((share) => share.assignment().length === 0)) await sleep(20);
  };
  await untilJoined();
  await using producer = client.producer();
  for (let round = 0; round < 10; round += 1) {
    const values = Array.from({ length: 20 }, (_, index) => Buffer.from(`${round}.${index}`));
    await producer.sendMany(values.map((value) => ({ topic, partition: 0, key: null, value })));
  }
  while (new Set(seen).size < 200) await sleep(20);
  await Promise.all(members.map((share) => share.close()));
  await Promise.all(loops);
  assert.equal(seen.length, 200);
  assert.ok(
    counts.every((count) => count > 20),
    counts.join(),
  );
});
