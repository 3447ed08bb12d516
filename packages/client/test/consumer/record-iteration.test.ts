import assert from "node:assert/strict";
import { test } from "node:test";

import { KafkaError } from "../../src/errors/kafka-error.ts";
import { MemoryGroup } from "./support/memory-group.ts";
import { startLogs, takeTexts } from "./support/scripted-logs.ts";

const place = { topic: "orders", partition: 0 };

test("a record is finished when the next one is asked for; one that a break leaves is not", async () => {
  const { cluster, logs, consume } = await startLogs();
  cluster.addTopic("orders");
  logs.log("orders").append(["a", "b", "c"]);
  const group = new MemoryGroup();
  const consumer = consume({ groupId: "group", offsetReset: "earliest" }, { group });
  consumer.assign([place]);
  assert.deepEqual(await cluster.settle(takeTexts(consumer, 2)), ["a", "b"]);
  await cluster.settle(consumer.close());
  assert.equal(group.committed.get("orders-0")?.offset, 1);
});

test("an explicit commit takes what was handed over as done", async () => {
  const { cluster, logs, consume } = await startLogs();
  cluster.addTopic("orders");
  logs.log("orders").append(["a", "b", "c"]);
  const group = new MemoryGroup();
  const consumer = consume(
    { groupId: "group", offsetReset: "earliest", autoCommit: false },
    { group },
  );
  consumer.assign([place]);
  await cluster.settle(takeTexts(consumer, 2));
  await cluster.settle(consumer.commit());
  assert.equal(group.committed.get("orders-0")?.offset, 2);
  await cluster.settle(consumer.close());
});

test("what was committed explicitly is not turned back by the commits at intervals and at close", async () => {
  const { cluster, logs, consume } = await startLogs();
  cluster.addTopic("orders");
  logs.log("orders").append(["a", "b", "c"]);
  for (const offsets of [undefined, [{ ...place, offset: 2 }]]) {
    const group = new MemoryGroup();
    const consumer = consume(
      { groupId: "group", offsetReset: "earliest", autoCommit: { intervalMs: 1_000 } },
      { group },
    );
    consumer.assign([place]);
    await cluster.settle(takeTexts(consumer, 2));
    await cluster.settle(consumer.commit(offsets));
    await cluster.advance(3_000);
    await cluster.settle(consumer.close());
    assert.equal(group.committed.get("orders-0")?.offset, 2);
    const commits = group.events.filter((event) => event.startsWith("commit"));
    assert.deepEqual(commits, ["commit 2"]);
  }
});

test("after a commit that nobody waited for, a close does not turn it back either", async () => {
  const { cluster, logs, consume } = await startLogs();
  cluster.addTopic("orders");
  logs.log("orders").append(["a", "b", "c"]);
  const group = new MemoryGroup();
  const consumer = consume({ groupId: "group", offsetReset: "earliest" }, { group });
  consumer.assign([place]);
  await cluster.settle(takeTexts(consumer, 2));
  const committed = consumer.commit([{ ...place, offset: 2 }]);
  await cluster.settle(consumer.close());
  await committed;
  assert.deepEqual(group.events, ["commit 2", "close"]);
});

test("a seek backwards after a commit is committed, as in Java", async () => {
  const { cluster, logs, consume } = await startLogs();
  cluster.addTopic("orders");
  logs.log("orders").append(["a", "b", "c"]);
  const group = new MemoryGroup();
  const consumer = consume({ groupId: "group", offsetReset: "earliest" }, { group });
  consumer.assign([place]);
  await cluster.settle(takeTexts(consumer, 3));
  await cluster.settle(consumer.commit());
  consumer.seek({ ...place, offset: 1 });
  await cluster.settle(consumer.close());
  assert.equal(group.committed.get("orders-0")?.offset, 1);
});

test("a signal and a close end the loop; a second loop beside it is refused", async () => {
  const { cluster, logs, consume } = await startLogs();
  cluster.addTopic("orders");
  logs.log("orders").append(["a"]);
  const consumer = consume({ offsetReset: "earliest" });
  consumer.assign([place]);
  const abort = new AbortController();
  const records = consumer.records({ signal: abort.signal });
  assert.throws(() => consumer.batches(), isCode("ILLEGAL_STATE"));
  await cluster.settle(records.next());
  const next = records.next();
  abort.abort();
  assert.equal((await cluster.settle(next)).done, true);
  const again = consumer.records().next();
  await cluster.settle(consumer.close());
  assert.equal((await again).done, true);
  assert.throws(() => consumer.records(), isCode("CLIENT_CLOSED"));
});

function isCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof KafkaError && error.code === code;
}
