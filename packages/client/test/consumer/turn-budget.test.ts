import assert from "node:assert/strict";
import { test } from "node:test";

import { simPlatform } from "@millrace/platform/sim";
import { TurnBudget } from "../../src/consumer/turn-budget.ts";

test("a turn is over after its time, and begins anew after others had theirs", async () => {
  const { clock } = simPlatform({ seed: 1 });
  const budget = new TurnBudget(clock);
  budget.renew();
  const isOver = (): boolean => Array.from({ length: 32 }, () => budget.isOver()).includes(true);
  assert.equal(isOver(), false);
  await clock.advance(20);
  assert.equal(isOver(), true);
  const next = budget.next();
  await clock.advance(1);
  await next;
  assert.equal(isOver(), false);
});
