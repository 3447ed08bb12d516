import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { Deadline } from "../../src/retry/deadline.ts";

test("what is left shrinks with the clock and ends at nothing", async () => {
  const { clock } = simPlatform({ seed: 1 });
  const deadline = new Deadline(clock, 100);
  await clock.advance(40);
  assert.equal(deadline.remainingMs(), 60);
  assert.equal(deadline.hasPassed(), false);
  await clock.advance(100);
  assert.equal(deadline.remainingMs(), 0);
  assert.equal(deadline.hasPassed(), true);
});
