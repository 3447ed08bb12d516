import assert from "node:assert/strict";
import { test } from "node:test";

import type { MembershipListener } from "../../src/group/membership.ts";
import { Consumer } from "../../src/consumer/consumer.ts";
import { MemoryGroup } from "./support/memory-group.ts";
import { startLogs } from "./support/scripted-logs.ts";

const place = { topic: "orders", partition: 0 };

async function setUp() {
  const { cluster, logs } = await startLogs();
  cluster.addTopic("orders");
  logs.log("orders").append(["a", "b", "c"]);
  const group = new MemoryGroup();
  const listeners: MembershipListener[] = [];
  const consumer = new Consumer(
    {
      cluster: cluster.connect(),
      openGroup: (_cluster, _options, given) => {
        listeners.push(given);
        return group;
      },
      makeDeadLetterSender: () => ({ send: () => Promise.reject(new Error("no sender")) }),
    },
    { groupId: "group", offsetReset: "earliest" },
  );
  const [listener] = listeners;
  assert.ok(listener !== undefined);
  await consumer.subscribe("orders");
  return { cluster, group, consumer, listener };
}

test("a revocation waits for the record in the application's hands and commits it", async () => {
  const { cluster, group, consumer, listener } = await setUp();
  consumer.on("revoked", () => void group.events.push("revoked"));
  await listener.onAssigned([place]);
  const records = consumer.records();
  const first = await cluster.settle(records.next());
  assert.equal(String(first.value?.value), "a");
  let isDone = false;
  const revoked = listener.onRevoked([place], new AbortController().signal).then(() => {
    isDone = true;
  });
  await cluster.advance(2_000);
  assert.equal(isDone, false);
  const next = records.next();
  await cluster.settle(revoked);
  assert.deepEqual(
    group.events.filter((event) => event !== "poll"),
    ["subscribe", "commit 1", "revoked"],
  );
  assert.deepEqual(consumer.assignment(), []);
  // What was buffered is not handed out.
  const closed = consumer.close();
  await cluster.settle(closed);
  assert.equal((await next).done, true);
});

test("a revocation does not wait longer than the group does, and commits nothing then", async () => {
  const { cluster, group, consumer, listener } = await setUp();
  await listener.onAssigned([place]);
  await cluster.settle(consumer.records().next());
  const abort = new AbortController();
  const revoked = listener.onRevoked([place], abort.signal);
  abort.abort();
  await cluster.settle(revoked);
  assert.equal(group.committed.size, 0);
  await cluster.settle(consumer.close());
});

test("a revocation aborts the handlers of its partition; what they have done is committed", async () => {
  const { cluster, group, consumer, listener } = await setUp();
  await listener.onAssigned([place]);
  const handled: string[] = [];
  const abort = new AbortController();
  const run = consumer.run(
    async (record, { signal }) => {
      handled.push(String(record.value));
      if (handled.length < 2) return;
      await new Promise<void>((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("taken away")), { once: true });
      });
    },
    { signal: abort.signal, retry: { attemptsMax: 5 } },
  );
  await cluster.advance(1_000);
  assert.deepEqual(handled, ["a", "b"]);
  await cluster.settle(listener.onRevoked([place], new AbortController().signal));
  assert.equal(group.committed.get("orders-0")?.offset, 1);
  abort.abort();
  await cluster.settle(run);
  assert.deepEqual(handled, ["a", "b"]);
  await cluster.settle(consumer.close());
});

test("lost partitions are dropped without a commit", async () => {
  const { cluster, group, consumer, listener } = await setUp();
  const lost: number[] = [];
  consumer.on("lost", (partitions) => void lost.push(partitions.length));
  await listener.onAssigned([place]);
  const records = consumer.records();
  await cluster.settle(records.next());
  await listener.onLost([place]);
  assert.deepEqual(lost, [1]);
  const next = records.next();
  await cluster.advance(10_000);
  assert.equal(group.committed.size, 0);
  await cluster.settle(consumer.close());
  assert.equal((await next).done, true);
});

test("a handler of assignments may seek before anything is fetched", async () => {
  const { cluster, consumer, listener } = await setUp();
  consumer.on("assigned", (partitions) => {
    for (const partition of partitions) consumer.seek({ ...partition, offset: 2 });
  });
  await listener.onAssigned([place]);
  const first = await cluster.settle(consumer.records().next());
  assert.equal(String(first.value?.value), "c");
  await cluster.settle(consumer.close());
});

test("a commit that is under way when partitions are lost is not sent again by the member of later", async () => {
  const { cluster, group, consumer, listener } = await setUp();
  await listener.onAssigned([place]);
  await cluster.settle(consumer.records().next());
  let isEnded = false;
  group.commitGate = (signal) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener("abort", () => {
        isEnded = true;
        reject(new Error("it was ended"));
      });
    });
  const commit = assert.rejects(consumer.commit());
  await cluster.advance(100);
  assert.equal(isEnded, false);
  await cluster.settle(listener.onLost([place]));
  await cluster.settle(commit);
  assert.equal(isEnded, true);
  assert.equal(group.committed.size, 0);
  await cluster.settle(consumer.close());
});
