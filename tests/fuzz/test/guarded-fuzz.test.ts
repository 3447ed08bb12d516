import assert from "node:assert/strict";
import { test } from "node:test";
import { describeGuardedFuzz, GuardedFuzz } from "../src/guarded-fuzz.ts";

test("listeners with TLS and SASL serve on after each kind of attack", async (context) => {
  const seed = Date.now() % 2 ** 32;
  context.diagnostic(`seed ${seed}: npm run fuzz -- --guarded --frames 1 --seed ${seed}`);
  const report = await GuardedFuzz.run({ seed, framesMax: 1, timeMsMax: 0 });
  context.diagnostic(describeGuardedFuzz(report));
  assert.equal(Object.keys(report.attacks).length, 10);
  assert.equal(report.renegotiated, 0);
  assert.ok(report.refused > 0, "what is no TLS ends its connection");
});
