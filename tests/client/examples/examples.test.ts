import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { promisify } from "node:util";

const run = promisify(execFile);
const folder = join(import.meta.dirname, "../../../examples");

const outputs: Readonly<Record<string, readonly string[]>> = {
  outbox: [
    "relayed 3 events, then 0",
    "1: order-1 was placed",
    "2: order-2 was placed",
    "3: order-1 was shipped",
  ],
  "log-shipping": [
    "shipped 3 lines",
    "shipped 2 more",
    "line 2: /lost is missing",
    "line 4: /lost is missing",
  ],
  "work-queue": [
    "job 1: cat.png was resized at attempt 1",
    "job 2: dog.png was resized at attempt 2",
    "job 3: notes.txt is no picture",
    "job 4: bird.png was resized at attempt 1",
    "job 5: fish.png was resized at attempt 1",
  ],
  "event-sourcing": [
    "balances { ann: { balance: 75, events: 2 }, bob: { balance: 30, events: 1 } }",
    "balances { ann: { balance: 80, events: 3 }, bob: { balance: 100, events: 2 } }",
  ],
};

for (const [name, expected] of Object.entries(outputs)) {
  test(`examples/${name}.ts runs and tells what it says`, { timeout: 60_000 }, async () => {
    const { stdout, stderr } = await run(process.execPath, [join(folder, `${name}.ts`)]);
    assert.equal(stdout, `${expected.join("\n")}\n`, stderr);
  });
}
