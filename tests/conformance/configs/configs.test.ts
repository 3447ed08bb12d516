/**
 * DescribeConfigs and IncrementalAlterConfigs through Kafka's own admin client: what Millrace
 * answers is what Apache Kafka 4.3.1 answered, but for the documentation.
 *
 * CONFORMANCE_BROKER=kafka asks Apache Kafka instead. Together with UPDATE_GOLDEN=1 the golden
 * files of packages/broker/test/config are written anew.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { startBrokerUnderTest } from "../src/broker.ts";
import { javaCommand } from "../src/java.ts";
import { lacking } from "../src/needs.ts";
import { root } from "../src/places.ts";
import { output } from "../src/program.ts";

const skip = await lacking("java");
const goldenFolder = join(root, "packages/broker/test/config");
const factsPath = join(goldenFolder, "config-facts.golden.tsv");
const answersPath = join(goldenFolder, "describe/describe-configs.golden.tsv");
const refusalsPath = join(goldenFolder, "describe/refusals.golden.tsv");
const isUpdating = process.env["UPDATE_GOLDEN"] === "1";

/** As in describe/golden.properties, besides what every broker of these tests is given. */
const properties = [
  "default.replication.factor=1",
  "min.insync.replicas=1",
  "share.coordinator.state.topic.replication.factor=1",
  "share.coordinator.state.topic.min.isr=1",
];

/** Different in each run, with what Kafka writes of them in golden.properties. */
const varying: readonly (readonly [RegExp, string])[] = [
  [/(?<=@127\.0\.0\.1:|CONTROLLER:\/\/127\.0\.0\.1:)\d+/g, "24993"],
  [/(?<=PLAINTEXT:\/\/127\.0\.0\.1:)\d+/g, "24892"],
  [/\/[^\t ]*millrace-conformance-[^\t ]*\/data/g, "/var/lib/kafka"],
];

test("the table of facts is what Kafka's jars say", { skip }, async () => {
  const lines = (await runJava("ConfigFacts.java", [])).filter((line) => line.includes("\t"));
  if (isUpdating) writeFileSync(factsPath, `${lines.join("\n")}\n`);
  assert.deepEqual(lines, linesOf(factsPath));
});

test("every configuration is described and changed as by Kafka", { skip }, async () => {
  await using broker = await startBrokerUnderTest({ properties });
  const lines = (await runJava("DescribeConfigs.java", [broker.bootstrap, "1"]))
    .filter((line) => line.includes("\t") && !/\t(millrace|errors\.deadletterqueue)\./.test(line))
    .map((line) => varying.reduce((text, [pattern, usual]) => text.replace(pattern, usual), line));
  const answers = withoutRepetition(lines.filter((line) => !line.startsWith("refused\t")));
  assert.ok(answers.length > 400, `${answers.length} answers`);
  const refusals = lines.filter((line) => line.startsWith("refused\t"));
  if (isUpdating) {
    writeFileSync(answersPath, `${answers.join("\n")}\n`);
    writeFileSync(refusalsPath, `${refusals.join("\n")}\n`);
  }
  assert.deepEqual([...answers].sort(), [...linesOf(answersPath)].sort());
  assert.deepEqual(refusals, linesOf(refusalsPath));
});

async function runJava(program: string, args: readonly string[]): Promise<readonly string[]> {
  const words = javaCommand(join(import.meta.dirname, program), args);
  return (await output(words)).toString("utf8").trimEnd().split("\n");
}

/** Leaves out of the second description what is as in the first. */
function withoutRepetition(lines: readonly string[]): readonly string[] {
  const fresh = new Set(lines.filter((line) => line.startsWith("fresh\t")));
  return lines.filter((line) => {
    return fresh.has(line) || !fresh.has(line.replace(/^changed\t/, "fresh\t"));
  });
}

function linesOf(path: string): readonly string[] {
  return readFileSync(path, "utf8").trimEnd().split("\n");
}
