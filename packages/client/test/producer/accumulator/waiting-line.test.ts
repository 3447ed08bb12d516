import assert from "node:assert/strict";
import { test } from "node:test";

import { WaitingLine, type WaitingRecord } from "../../../src/producer/accumulator/waiting-line.ts";

test("records leave the line in the order in which they came", () => {
  const line = new WaitingLine();
  const left: unknown[] = [];
  for (let index = 0; index < 1000; index += 1) {
    line.push(waiting(index));
    if (index % 3 !== 0) continue;
    left.push(line.first?.record.value);
    line.shift();
  }
  for (let first = line.first; first !== undefined; first = line.first) {
    left.push(first.record.value);
    line.shift();
  }
  assert.deepEqual(
    left,
    Array.from({ length: 1000 }, (_, index) => index),
  );
  assert.equal(line.length, 0);
});

test("who waits for the empty line is told once, by the last record or by draining", () => {
  const line = new WaitingLine();
  let told = 0;
  line.onEmpty(() => (told += 1));
  assert.equal(told, 1);
  line.push(waiting(1));
  line.push(waiting(2));
  line.onEmpty(() => (told += 1));
  line.shift();
  assert.equal(told, 1);
  assert.deepEqual(
    line.drain().map(({ record }) => record.value),
    [2],
  );
  assert.equal(told, 2);
});

function waiting(value: number): WaitingRecord {
  return {
    record: { topic: "orders", value },
    delivery: undefined,
    deadlineMs: 0,
    serialized: undefined,
    accepted: () => undefined,
  };
}
