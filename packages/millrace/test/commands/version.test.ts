import assert from "node:assert/strict";
import { test } from "node:test";
import { versionCommand } from "../../src/commands/version.ts";

test("it prints the package's version and ends well", async () => {
  let printed = "";
  const print = (text: string): void => void (printed += text);
  const code = await versionCommand.run([], { environment: {}, print, printError: print });
  assert.equal(code, 0);
  assert.match(printed, /^\d+\.\d+\.\d+\n$/);
});
