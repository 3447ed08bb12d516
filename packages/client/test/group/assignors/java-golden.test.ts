/**
 * Rebalances that Apache Kafka's own assignors decided, written by tests/client/group/
 * AssignorPeer.java: ours must decide each of them alike, so that it matters to nobody which
 * member of a mixed group is its leader.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import type { Assignor } from "../../../src/group/assignors/assignor.ts";
import { cooperativeSticky } from "../../../src/group/assignors/cooperative-sticky.ts";
import { range } from "../../../src/group/assignors/range.ts";
import { roundRobin } from "../../../src/group/assignors/round-robin.ts";
import { sticky } from "../../../src/group/assignors/sticky.ts";
import {
  readSubscription,
  writeSubscription,
} from "../../../src/group/classic/consumer-protocol.ts";

interface Rebalance {
  readonly assignor: string;
  readonly topics: Readonly<Record<string, readonly (readonly string[])[]>>;
  readonly members: readonly {
    readonly memberId: string;
    readonly instance?: string;
    /** The bytes of its subscription, in hex. */
    readonly subscription: string;
  }[];
  /** Who gets what: "topic-partition", in order. */
  readonly answer: Readonly<Record<string, readonly string[]>>;
}

const path = process.env["ASSIGNOR_GOLDEN"] ?? join(import.meta.dirname, "java-golden.jsonl");
const rebalances = readFileSync(path, "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line) as Rebalance);

const makers: Readonly<Record<string, () => Assignor>> = {
  range,
  roundrobin: roundRobin,
  sticky,
  "cooperative-sticky": cooperativeSticky,
};

for (const [name, make] of Object.entries(makers)) {
  const own = rebalances.filter(({ assignor }) => assignor === name);
  test(`${name} divides as Apache Kafka's does`, () => {
    assert.ok(own.length > 0);
    const wrong = own.filter((rebalance) => {
      return JSON.stringify(decided(make(), rebalance)) !== JSON.stringify(rebalance.answer);
    });
    const [first] = wrong;
    if (first === undefined) return;
    const about = `${wrong.length} of ${own.length} differ, first ${JSON.stringify(first)}`;
    assert.deepEqual(decided(make(), first), first.answer, about);
  });
}

test("subscriptions are read and written byte for byte, in each version", () => {
  const versions = new Set<number>();
  for (const { subscription } of rebalances.flatMap(({ members }) => members)) {
    const bytes = Buffer.from(subscription, "hex");
    const version = bytes.readInt16BE(0);
    versions.add(version);
    const written = writeSubscription(readSubscription(bytes), version);
    assert.equal(Buffer.from(written).toString("hex"), subscription);
  }
  assert.deepEqual(
    [...versions].sort((a, b) => a - b),
    [0, 1, 2, 3],
  );
});

function decided(assignor: Assignor, rebalance: Rebalance): Record<string, readonly string[]> {
  const topics = new Map(
    Object.entries(rebalance.topics).map(([topic, partitions]) => [
      topic,
      partitions.map((racks, partition) => ({ topic, partition, racks })),
    ]),
  );
  const members = new Map(
    rebalance.members.map(({ memberId, instance, subscription }) => [
      memberId,
      {
        ...readSubscription(Buffer.from(subscription, "hex")),
        memberId,
        groupInstanceId: instance,
      },
    ]),
  );
  const assignment = assignor.assign({ topics, members });
  return Object.fromEntries(
    [...members.keys()].sort().map((memberId) => {
      const partitions = assignment.get(memberId) ?? [];
      return [memberId, partitions.map((one) => `${one.topic}-${one.partition}`).sort()];
    }),
  );
}
