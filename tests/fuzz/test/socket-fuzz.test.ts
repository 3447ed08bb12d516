import assert from "node:assert/strict";
import { test } from "node:test";
import { describeSocketFuzz, SocketFuzz } from "../src/socket-fuzz.ts";

test("a broker serves on after each burst of hostile frames over sockets", async (context) => {
  const seed = Date.now() % 2 ** 32;
  context.diagnostic(`seed ${seed}: npm run fuzz -- --socket --frames 5000 --seed ${seed}`);
  const report = await SocketFuzz.run({ seed, framesMax: 5000, timeMsMax: 60_000 });
  context.diagnostic(describeSocketFuzz(report));
  assert.ok(report.frames >= 5000 || report.bursts > 50);
  assert.ok(report.closed > 0, "malformed requests end their connections");
});
