/**
 * Apache Kafka's own assignors decide rebalances, which packages/client/test/group/assignors
 * expects of ours. UPDATE_GOLDEN=1 writes them anew.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { javaCommand, output } from "@millrace/conformance/harness";

const golden = join(
  import.meta.dirname,
  "../../../packages/client/test/group/assignors/java-golden.jsonl",
);
const peer = join(import.meta.dirname, "AssignorPeer.java");
const seed = "1";
const groupCount = "32";

test("Apache Kafka's assignors decide as the golden file says", async () => {
  const decided = await output(javaCommand(peer, [seed, groupCount]));
  if (process.env["UPDATE_GOLDEN"] !== undefined) writeFileSync(golden, decided);
  assert.equal(decided.toString("utf8"), readFileSync(golden, "utf8"));
});
