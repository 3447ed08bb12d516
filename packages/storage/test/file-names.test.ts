import assert from "node:assert/strict";
import { test } from "node:test";
import {
  joinPath,
  logDirectoryName,
  offsetFileName,
  offsetOfFileName,
  parseLogDirectoryName,
  renamedLogDirectoryName,
} from "../src/file-names.ts";

const uniqueHex = "0123456789abcdef0123456789abcdef";

test("a segment's file is named by 20 digits of its first offset", () => {
  assert.equal(offsetFileName(4096, ".log"), "00000000000000004096.log");
  assert.equal(offsetOfFileName("00000000000000004096.timeindex.swap"), 4096);
  assert.equal(offsetOfFileName("00000000000000000010-0000000001.checkpoint"), 10);
  assert.equal(offsetOfFileName("leader-epoch-checkpoint"), undefined);
  assert.equal(offsetOfFileName("99999999999999999999.log"), undefined);
});

test("a log's directory says topic and partition, whatever dashes and dots the topic has", () => {
  for (const topic of ["orders", "my-topic.v1-0", "a.b-delete"]) {
    const name = logDirectoryName(topic, 12);
    assert.deepEqual(parseLogDirectoryName(name), { topic, partition: 12, state: "current" });
  }
  assert.equal(parseLogDirectoryName("remote-log-index-cache"), undefined);
  assert.equal(parseLogDirectoryName("orders-99999999999"), undefined);
});

test("a renamed directory keeps its log's name and says what it waits for", () => {
  for (const state of ["future", "delete", "stray"] as const) {
    const name = renamedLogDirectoryName({ topic: "orders", partition: 3, uniqueHex, state });
    assert.equal(name, `orders-3.${uniqueHex}-${state}`);
    assert.deepEqual(parseLogDirectoryName(name), { topic: "orders", partition: 3, state });
  }
});

test("the topic is cut where a renamed directory's name would be over 255 bytes", () => {
  const topic = "t".repeat(249);
  const name = renamedLogDirectoryName({ topic, partition: 100, uniqueHex, state: "delete" });
  assert.equal(name.length, 255);
  assert.equal(parseLogDirectoryName(name)?.partition, 100);
});

test("a path has one slash between its parts", () => {
  assert.equal(joinPath("/data", "a"), "/data/a");
  assert.equal(joinPath("/data/", "a"), "/data/a");
});
