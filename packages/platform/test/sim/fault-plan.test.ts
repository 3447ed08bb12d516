import assert from "node:assert/strict";
import { test } from "node:test";
import { FaultPlan } from "../../src/sim/fault-plan.ts";

test("a fault meets its operations and paths, after some and as often as it says", () => {
  const plan = new FaultPlan();
  plan.add({
    operations: ["write", "sync"],
    matches: (path) => path.endsWith(".log"),
    systemCode: "EIO",
    afterCount: 1,
    failureCount: 2,
  });
  assert.equal(plan.meet("write", "/a.index"), undefined);
  assert.equal(plan.meet("read", "/a.log"), undefined);
  const met = [1, 2, 3, 4].map(() => plan.meet("sync", "/a.log"));
  assert.deepEqual(met, [undefined, "EIO", "EIO", undefined]);
});

test("a fault without an end goes on until the disk is healed", () => {
  const plan = new FaultPlan();
  plan.add({ operations: ["read"], systemCode: "EIO" });
  for (let count = 0; count < 5; count += 1) assert.equal(plan.meet("read", "/x"), "EIO");
  plan.clear();
  assert.equal(plan.meet("read", "/x"), undefined);
});
