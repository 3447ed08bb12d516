import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { backoffMs } from "../../src/retry/backoff.ts";

test("pauses double up to the longest, a fifth up or down (KIP-580)", () => {
  const { random } = simPlatform({ seed: 1 });
  const options = { initialMs: 100, maxMs: 1000 };
  for (const [failures, expected] of [100, 200, 400, 800, 1000, 1000].entries()) {
    for (let count = 0; count < 100; count += 1) {
      const pauseMs = backoffMs(failures, options, random);
      assert.ok(pauseMs >= expected * 0.8 && pauseMs <= Math.min(expected * 1.2, 1000));
    }
  }
  assert.ok(backoffMs(10_000, options, random) <= 1000);
});
