import assert from "node:assert/strict";
import { test } from "node:test";
import { type SimPlatform, simPlatform } from "@millrace/platform/sim";
import { testOffload } from "./contract/offload-contract.ts";
import { sumTask } from "./fixtures/offload-tasks.ts";

let current: SimPlatform = simPlatform({ seed: 7 });

testOffload({
  name: "InlineOffload",
  create: () => {
    current = simPlatform({ seed: 7 });
    const { offload, fileSystem } = current;
    return { offload, fileSystem, directory: "/" };
  },
  settle: async (pending) => {
    const settled = Promise.allSettled([pending]);
    await current.clock.advance(10);
    await settled;
    return pending;
  },
});

test("what a caller changes after the call does not reach the task", async () => {
  const platform = simPlatform({ seed: 1 });
  platform.fileSystem.open("/f", "create").close();
  const numbers = [1];
  const run = platform.offload.run(sumTask, { numbers, path: "/f" });
  numbers.push(100);
  await platform.clock.advance(1);
  assert.equal(await run, 1);
});
