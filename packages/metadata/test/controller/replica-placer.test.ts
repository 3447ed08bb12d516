import assert from "node:assert/strict";
import { test } from "node:test";
import { SimRandom } from "@millrace/platform/sim";
import fc from "fast-check";

import { placeReplicas } from "../../src/controller/replica-placer.ts";
import { brokerOf, clusterOf, contextOf, idOf } from "../support/decisions.ts";

test("leaders and replicas are spread evenly and no broker holds a partition twice", () => {
  const shapes = fc.record({
    brokerCount: fc.integer({ min: 1, max: 7 }),
    racks: fc.integer({ min: 1, max: 3 }),
    turns: fc.integer({ min: 1, max: 4 }),
    seed: fc.nat(),
  });
  const property = fc.property(shapes, ({ brokerCount, racks, turns, seed }) => {
    const brokers = Array.from({ length: brokerCount }, (_, id) =>
      brokerOf(id, { rack: `r${id % racks}` }),
    );
    const replicationFactor = Math.min(3, brokerCount);
    const placed = placeReplicas(
      contextOf(clusterOf(...brokers), { random: new SimRandom(seed) }),
      {
        partitionCount: brokerCount * turns,
        replicationFactor,
      },
    );
    assert.ok(placed.kind === "placed");
    const leaders = new Map<number, number>();
    for (const replicas of placed.replicas) {
      assert.equal(new Set(replicas).size, replicationFactor);
      const rackCount = new Set(replicas.map((id) => id % racks)).size;
      assert.equal(rackCount, Math.min(racks, replicationFactor, brokerCount));
      const [leader = -1] = replicas;
      leaders.set(leader, (leaders.get(leader) ?? 0) + 1);
    }
    assert.deepEqual([...leaders.values()], Array(brokerCount).fill(turns));
  });
  fc.assert(property, { numRuns: 200 });
});

test("fenced brokers take replicas only where the others do not suffice, and never lead", () => {
  const image = clusterOf(brokerOf(1), brokerOf(2, { isFenced: true }), brokerOf(3));
  const placed = placeReplicas(contextOf(image), { partitionCount: 4, replicationFactor: 3 });
  assert.ok(placed.kind === "placed");
  for (const replicas of placed.replicas) assert.equal(replicas[2], 2);
});

test("a broker whose directories are all cordoned takes nothing", () => {
  const image = clusterOf(brokerOf(1), brokerOf(2, { cordonedLogDirs: [idOf(2_002)] }));
  const placed = placeReplicas(contextOf(image), { partitionCount: 1, replicationFactor: 2 });
  assert.equal(placed.kind, "impossible");
});
