import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { murmur2, partitionOfKey } from "../../../src/producer/partitioner/murmur2.ts";

const golden = readFileSync(join(import.meta.dirname, "java-partitions.txt"), "utf8");

test("keys have the hashes and partitions that Apache Kafka 4.3.1 gives them", () => {
  // tests/client/producer/partitioner.test.ts made the file with Apache Kafka's own classes.
  const lines = golden.trimEnd().split("\n");
  assert.equal(lines.length, 400);
  for (const line of lines) {
    const [hex = "", hash, ...partitions] = line.split(" ");
    const key = hex === "-" ? Buffer.alloc(0) : Buffer.from(hex, "hex");
    assert.equal(murmur2(key), Number(hash), hex);
    const ours = [1, 3, 12, 1000].map((count) => partitionOfKey(key, count));
    assert.deepEqual(ours, partitions.map(Number), hex);
  }
});
