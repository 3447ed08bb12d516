import assert from "node:assert/strict";
import { test } from "node:test";

import { Assignment } from "../../src/consumer/assignment.ts";
import { RecordBuffer } from "../../src/consumer/record-buffer.ts";
import { KafkaError } from "../../src/errors/kafka-error.ts";
import { startLogs } from "./support/scripted-logs.ts";

test("partitions that stay keep their position, and topics are known as long as they are read", async () => {
  const { cluster } = await startLogs();
  cluster.addTopic("orders", 2);
  const connected = cluster.connect();
  let changes = 0;
  const assignment = new Assignment({
    cluster: connected,
    buffer: new RecordBuffer({ onRoom: () => undefined }),
    allowAutoCreateTopics: false,
    onChange: () => {
      changes += 1;
    },
  });
  const [first] = assignment.add([{ topic: "orders", partition: 0 }]);
  await cluster.advance(1_000);
  assert.equal(connected.metadata.topic("orders")?.partitions.length, 2);
  assert.ok(changes > 0);
  first?.moveTo(7, 0);
  const added = assignment.add([
    { topic: "orders", partition: 0 },
    { topic: "orders", partition: 1 },
  ]);
  assert.deepEqual(
    added.map(({ partition }) => partition),
    [1],
  );
  assert.equal(assignment.get({ topic: "orders", partition: 0 }).position, 7);
  assert.ok(first !== undefined);
  assignment.remove([first]);
  assert.equal(first.isAssigned, false);
  assert.throws(
    () => assignment.get({ topic: "orders", partition: 0 }),
    (error) => error instanceof KafkaError && error.code === "ILLEGAL_STATE",
  );
});

test("a partition that comes back while it is still being given up is read again", async () => {
  const { cluster } = await startLogs();
  cluster.addTopic("orders");
  const assignment = new Assignment({
    cluster: cluster.connect(),
    buffer: new RecordBuffer({ onRoom: () => undefined }),
    allowAutoCreateTopics: false,
    onChange: () => undefined,
  });
  const place = { topic: "orders", partition: 0 };
  const [before] = assignment.add([place]);
  assert.ok(before !== undefined);
  assignment.leave([before]);
  const [after] = assignment.add([place]);
  assert.ok(after !== undefined);
  // What gave it up has waited too long for the application, and ends only now.
  assignment.remove([before]);
  assert.equal(assignment.get(place), after);
  assert.equal(after.isAssigned, true);
  await cluster.advance(1_000);
});
