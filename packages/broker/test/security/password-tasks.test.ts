import assert from "node:assert/strict";
import { test } from "node:test";

import { brokerTasks } from "../../src/security/password-tasks.ts";

test("a worker finds each task in the module that it names", async () => {
  for (const { moduleUrl, exportName, inline } of brokerTasks) {
    const module = (await import(moduleUrl)) as Record<string, unknown>;
    assert.equal(module[exportName], inline);
  }
});
