import assert from "node:assert/strict";
import { test } from "node:test";
import {
  errorCodes,
  type ErrorName,
  RecordBatchBuilder,
  ShareAcknowledge,
  ShareFetch,
  ShareGroupHeartbeat,
} from "@millrace/protocol";
import type { ShareConsumerOptions } from "../../src/share/share-options.ts";
import { ShareConsumer } from "../../src/share/share-consumer.ts";
import type { ShareRecord } from "../../src/share/share-record.ts";
import { ScriptedCluster } from "../support/scripted-cluster.ts";

const lockTimeoutMs = 30_000;

interface Acquired {
  readonly first: number;
  readonly last: number;
  readonly deliveryCount?: number;
  /** Offsets that have records; all when not given. */
  readonly present?: readonly number[];
}

/** A leader that gives what a test puts in a queue, one entry for each fetch. */
async function sharing(options: Partial<ShareConsumerOptions> = {}) {
  const scripted = await new ScriptedCluster().start();
  const { id: topicId } = scripted.addTopic("t", 1);
  const broker = scripted.broker(1);
  const queue: Acquired[] = [];
  const errors: { fetch: ErrorName; acknowledge: ErrorName } = {
    fetch: "NONE",
    acknowledge: "NONE",
  };
  broker.on(ShareGroupHeartbeat, ({ memberId, memberEpoch }) => ({
    throttleTimeMs: 0,
    errorCode: 0,
    memberId,
    memberEpoch: memberEpoch < 0 ? memberEpoch : 1,
    heartbeatIntervalMs: 5_000,
    assignment: memberEpoch === 0 ? { topicPartitions: [{ topicId, partitions: [0] }] } : null,
  }));
  const partitionBase = {
    partitionIndex: 0,
    errorCode: 0,
    currentLeader: { leaderId: 1, leaderEpoch: 0 },
  };
  broker.on(ShareFetch, async ({ maxWaitMs }) => {
    const errorCode = errorCodes[errors.fetch];
    errors.fetch = "NONE";
    const next = errorCode === 0 ? queue.shift() : undefined;
    const nobody = next === undefined && errorCode === 0;
    if (nobody)
      await new Promise<void>((resolve) => scripted.client.clock.setTimer(maxWaitMs, resolve));
    return {
      throttleTimeMs: 0,
      errorCode,
      acquisitionLockTimeoutMs: lockTimeoutMs,
      nodeEndpoints: [],
      responses: [
        {
          topicId,
          partitions: [
            {
              ...partitionBase,
              acknowledgeErrorCode: 0,
              records: next === undefined ? Buffer.alloc(0) : batchOf(next),
              acquiredRecords:
                next === undefined
                  ? []
                  : [
                      {
                        firstOffset: next.first,
                        lastOffset: next.last,
                        deliveryCount: next.deliveryCount ?? 1,
                      },
                    ],
            },
          ],
        },
      ],
    };
  });
  broker.on(ShareAcknowledge, () => {
    const errorCode = errorCodes[errors.acknowledge];
    errors.acknowledge = "NONE";
    return {
      throttleTimeMs: 0,
      errorCode: 0,
      acquisitionLockTimeoutMs: lockTimeoutMs,
      nodeEndpoints: [],
      responses: [{ topicId, partitions: [{ ...partitionBase, errorCode }] }],
    };
  });
  const share = new ShareConsumer(scripted.connect(), { groupId: "group", ...options });
  share.subscribe("t");
  const outcomes: string[] = [];
  share.onAcknowledged(({ offsets, error }) => {
    outcomes.push(`${offsets.join()} ${error?.code ?? "taken"}`);
  });
  /** Each acknowledgement that came: "offset:type", of fetches and of requests of their own. */
  const said = (): readonly string[] =>
    [...broker.requestsOf(ShareFetch), ...broker.requestsOf(ShareAcknowledge)]
      .flatMap(({ topics }) => topics)
      .flatMap(({ partitions }) => partitions)
      .flatMap(({ acknowledgementBatches }) => acknowledgementBatches)
      .flatMap(({ firstOffset, lastOffset, acknowledgeTypes }) =>
        Array.from({ length: lastOffset - firstOffset + 1 }, (_, index) => {
          return `${firstOffset + index}:${acknowledgeTypes[index] ?? acknowledgeTypes[0]}`;
        }),
      )
      .sort();
  const take = (maxRecords = 10): Promise<readonly ShareRecord[]> =>
    scripted.settle(share.take({ maxRecords, maxWaitMs: 2_000 }));
  return { scripted, broker, queue, errors, share, outcomes, said, take };
}

function batchOf({ first, last, present }: Acquired): Buffer {
  const builder = new RecordBatchBuilder({ baseOffset: first });
  for (let offset = first; offset <= last; offset += 1) {
    if (present !== undefined && !present.includes(offset)) continue;
    builder.append({
      offset,
      timestamp: 0,
      key: null,
      value: Buffer.from(`v${offset}`),
      headers: [],
    });
  }
  return builder.build();
}

test("asking for the next record accepts the one before it; leaving the loop gives back", async () => {
  const { scripted, queue, share, said, outcomes } = await sharing();
  queue.push({ first: 0, last: 3 });
  const seen: number[] = [];
  const reading = (async () => {
    for await (const record of share) {
      seen.push(record.offsetNumber);
      assert.equal(String(record.value), `v${record.offsetNumber}`);
      if (seen.length === 3) break;
    }
  })();
  await scripted.settle(reading);
  await scripted.settle(share.close());
  assert.deepEqual(seen, [0, 1, 2]);
  // The third was not finished, the fourth never asked for.
  assert.deepEqual(said(), ["0:1", "1:1", "2:2", "3:2"]);
  assert.ok(outcomes.every((outcome) => outcome.endsWith("taken")));
});

test("offsets without a record are acknowledged as gaps", async () => {
  const { queue, said, take, share, scripted, outcomes } = await sharing();
  queue.push({ first: 10, last: 14, present: [11, 13] });
  const records = await take();
  assert.deepEqual(
    records.map(({ offset }) => offset),
    [11n, 13n],
  );
  await scripted.settle(share.commit());
  assert.deepEqual(said(), ["10:0", "11:1", "12:0", "13:1", "14:0"]);
  // Whoever listens hears of records alone.
  assert.deepEqual(outcomes.at(-1), "11,13 taken");
});

test("renewing goes alone, and makes the lock begin anew", async () => {
  const { scripted, broker, queue, take, share } = await sharing({ acknowledgement: "explicit" });
  queue.push({ first: 0, last: 1, deliveryCount: 3 });
  const [first, second] = await take();
  assert.ok(first !== undefined && second !== undefined);
  assert.equal(first.deliveryCount, 3);
  await scripted.advance(20_000);
  assert.ok(first.lockRemainingMs <= 10_000);
  first.renew();
  second.accept();
  await scripted.settle(share.commit());
  assert.ok(first.lockRemainingMs > 29_000);
  const renewal = broker.requestsOf(ShareAcknowledge).find(({ isRenewAck }) => isRenewAck);
  assert.ok(renewal !== undefined);
  assert.ok(broker.requestsOf(ShareFetch).every(({ isRenewAck }) => !isRenewAck));
  // A renewed record is still to be settled; a settled one takes no other word.
  assert.equal(first.isSettled, false);
  first.reject();
  first.reject();
  assert.throws(() => first.accept(), { code: "ILLEGAL_STATE" });
});

test("an acknowledgement that was refused is told, not thrown", async () => {
  const { scripted, queue, errors, take, share, outcomes } = await sharing({
    acknowledgement: "explicit",
  });
  queue.push({ first: 5, last: 5 });
  const [record] = await take();
  await scripted.advance(1_000);
  errors.acknowledge = "INVALID_RECORD_STATE";
  record?.accept();
  const [outcome] = await scripted.settle(share.commit());
  assert.equal(outcome?.error?.code, "INVALID_RECORD_STATE");
  assert.equal(outcome?.error?.topic, "t");
  assert.deepEqual(outcomes, ["5 INVALID_RECORD_STATE"]);
});

test("a session that the broker forgot is opened anew, without what was locked by it", async () => {
  const { scripted, broker, queue, errors, take, outcomes } = await sharing({
    acknowledgement: "explicit",
  });
  queue.push({ first: 0, last: 0 });
  const [record] = await take();
  errors.fetch = "SHARE_SESSION_NOT_FOUND";
  assert.deepEqual(await take(), []);
  const epochs = broker.requestsOf(ShareFetch).map(({ shareSessionEpoch }) => shareSessionEpoch);
  assert.deepEqual(epochs.slice(0, 2), [0, 1]);
  assert.equal(epochs.filter((epoch) => epoch === 0).length, 2);
  queue.push({ first: 0, last: 0, deliveryCount: 2 });
  const [again] = await take();
  assert.equal(again?.deliveryCount, 2);
  again?.accept();
  assert.equal(record?.offsetNumber, 0);
  await scripted.advance(2_000);
  assert.deepEqual(outcomes, ["0 taken"]);
});

test("records whose lock has ended while they waited are not handed over", async () => {
  const { scripted, queue, take } = await sharing({ acknowledgement: "explicit" });
  queue.push({ first: 0, last: 1 });
  assert.equal((await take(1)).length, 1);
  await scripted.advance(lockTimeoutMs + 1_000);
  assert.deepEqual(await take(1), []);
});

test("no more is fetched while half of what is allowed waits", async () => {
  const { scripted, broker, queue, take } = await sharing({ maxPollRecords: 4 });
  queue.push({ first: 0, last: 3 }, { first: 4, last: 7 });
  await scripted.advance(5_000);
  // Nobody has asked yet: nothing is locked.
  assert.equal(broker.requestsOf(ShareFetch).length, 0);
  assert.equal((await take(1)).length, 1);
  await scripted.advance(1_000);
  assert.equal(broker.requestsOf(ShareFetch).length, 1);
  assert.equal(broker.requestsOf(ShareFetch)[0]?.maxRecords, 4);
  assert.equal((await take(2)).length, 2);
  await scripted.advance(1_000);
  assert.equal(broker.requestsOf(ShareFetch).length, 2);
});

test("closing ends the session, with the last word about every record, and leaves", async () => {
  const { scripted, broker, queue, take, share, said } = await sharing();
  queue.push({ first: 0, last: 2 });
  await take(2);
  await scripted.settle(share.close());
  assert.deepEqual(said(), ["0:2", "1:2", "2:2"]);
  assert.equal(broker.requestsOf(ShareAcknowledge).at(-1)?.shareSessionEpoch, -1);
  assert.equal(broker.requestsOf(ShareGroupHeartbeat).at(-1)?.memberEpoch, -1);
});
