import assert from "node:assert/strict";
import { test } from "node:test";
import { devGreeting } from "../../../src/commands/dev/greeting.ts";
import { topicList } from "../../../src/commands/dev/topic-list.ts";

const values = {
  port: 9092,
  data: "millrace-data",
  topics: topicList("orders:3,a"),
  logLevel: "warn",
} as const;

test("lines can be pasted; the address is left out where it is the usual one", () => {
  const text = devGreeting({ bootstrap: "127.0.0.1:9092", values, seededCount: 0, readyMs: 99.4 });
  assert.match(text, /is ready after 99 ms\n/u);
  assert.match(text, /^ {2}Topics +orders \(3\), a \(1\)$/mu);
  assert.match(text, /^ {2}Produce +echo hello \| millrace produce orders$/mu);
  const other = devGreeting({
    bootstrap: "127.0.0.1:5",
    values: { ...values, memory: true, seed: "a.ndjson" },
    seededCount: 7,
    readyMs: 1,
  });
  assert.match(other, /^ {2}Consume +millrace consume orders -b 127\.0\.0\.1:5$/mu);
  assert.match(other, /7 records from a\.ndjson/u);
  assert.match(other, /memory, gone when it stops/u);
});
