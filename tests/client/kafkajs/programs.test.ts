import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import process from "node:process";
import { promisify } from "node:util";

import { eachBroker, uniqueName } from "../src/index.ts";

const run = promisify(execFile);
const folder = import.meta.dirname;

for (const program of ["producer-consumer", "each-batch", "transactions"]) {
  eachBroker(
    `${program}.cjs prints the same with kafkajs and with @millrace/client/kafkajs`,
    { timeoutMs: 120_000 },
    async (broker) => {
      const theirs = await outputOf(program, broker.bootstrap, []);
      const hook = `${folder}/programs/use-millrace.js`;
      const ours = await outputOf(program, broker.bootstrap, ["--import", hook]);
      assert.ok(theirs.split("\n").length > 5, theirs);
      assert.equal(ours, theirs);
    },
  );
}

async function outputOf(
  program: string,
  bootstrap: string,
  options: readonly string[],
): Promise<string> {
  const file = `${folder}/programs/${program}.cjs`;
  const names = [uniqueName("facade"), uniqueName("facade-group")];
  const words = ["--no-deprecation", ...options, file, bootstrap, ...names];
  const { NODE_OPTIONS, PATH } = process.env;
  const env = { NODE_OPTIONS, PATH, KAFKAJS_NO_PARTITIONER_WARNING: "1" };
  const { stdout } = await run(process.execPath, words, { env, timeout: 60_000 });
  return stdout;
}
