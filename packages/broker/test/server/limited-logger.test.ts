import assert from "node:assert/strict";
import { test } from "node:test";

import { simPlatform } from "@millrace/platform/sim";

import { LimitedLogger } from "../../src/server/limited-logger.ts";

test("of one sentence 20 lines are written in 10 s, and then how many were left out", async () => {
  const platform = simPlatform({ seed: 1 });
  const logger = new LimitedLogger(platform.logger, platform.clock);
  for (let peer = 0; peer < 50; peer += 1) logger.warn("refused", { peer });
  logger.error("another thing");
  logger.info("for your information");
  assert.equal(platform.logLines.length, 22);
  await platform.clock.advance(10_000);
  logger.warn("refused", { peer: "last" });
  logger.warn("refused", { peer: "again" });
  const last = platform.logLines.slice(-2).map((line) => JSON.stringify(line));
  assert.match(last[0] ?? "", /"leftOut":30/);
  assert.doesNotMatch(last[1] ?? "", /leftOut/);
});
