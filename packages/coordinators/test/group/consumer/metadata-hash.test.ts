import assert from "node:assert/strict";
import { test } from "node:test";

import { uuidFromBytes } from "@millrace/protocol";

import { MetadataHashes } from "../../../src/group/consumer/metadata-hash.ts";
import type {
  TopicDescription,
  TopicMetadata,
} from "../../../src/group/consumer/topic-metadata.ts";
import { NO_TOPICS } from "../../../src/group/consumer/topic-metadata.ts";

function topic(name: string, idHex: string, racks: readonly (readonly string[])[]) {
  return {
    id: uuidFromBytes(Buffer.from(idHex, "hex")),
    name,
    partitionCount: racks.length,
    racksOf: (partition: number) => racks[partition] ?? [],
  };
}

const orders = topic("orders", "01020304050607081112131415161718", [["r2", "r1"], [], ["rack-b"]]);
const none = Array.from({ length: 200 }, () => []);
const wide = topic("a", "21020304050607083112131415161718", none);

function cluster(...topics: readonly TopicDescription[]): TopicMetadata {
  return { ...NO_TOPICS, byName: (name) => topics.find((each) => each.name === name) };
}

// The figures are those of Utils.computeTopicHash and computeGroupHash of Apache Kafka 4.3.1.
test("the hash of a group's topics is Apache Kafka's", () => {
  const hashes = new MetadataHashes();
  assert.equal(hashes.of(["orders"], cluster(orders, wide)), 4717688490130315858n);
  assert.equal(hashes.of(["orders", "a"], cluster(orders, wide)), -250811376247903885n);
  assert.equal(hashes.of(["a", "orders", "gone"], cluster(orders, wide)), -250811376247903885n);
});

test("topics that are not there count for nothing", () => {
  assert.equal(new MetadataHashes().of(["gone"], cluster(orders)), 0n);
});

test("another number of partitions or another rack is another hash", () => {
  const hashes = new MetadataHashes();
  const of = (racks: readonly (readonly string[])[]): bigint =>
    hashes.of(["t"], cluster(topic("t", "01020304050607081112131415161718", racks)));
  const all = [of([[]]), of([[], []]), of([["r1"]]), of([["r2"]])];
  assert.equal(new Set(all).size, all.length);
});
