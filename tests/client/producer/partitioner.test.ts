/**
 * Partitions that Apache Kafka chooses for keys, which packages/client/test/producer/partitioner
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
  "../../../packages/client/test/producer/partitioner/java-partitions.txt",
);
const peer = join(import.meta.dirname, "PartitionerPeer.java");
const seed = "1";

test("Apache Kafka's partitioner decides as the golden file says", async () => {
  const decided = await output(javaCommand(peer, [seed]));
  if (process.env["UPDATE_GOLDEN"] !== undefined) writeFileSync(golden, decided);
  assert.equal(decided.toString("utf8"), readFileSync(golden, "utf8"));
});
