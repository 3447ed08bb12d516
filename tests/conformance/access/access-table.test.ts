/**
 * Who may do what: Millrace answers every API as Apache Kafka 4.3.1 did, for users with each
 * operation on each type of resource allowed, and denied.
 *
 * CONFORMANCE_BROKER=kafka asks Apache Kafka instead; together with UPDATE_GOLDEN=1 its answers in
 * access.golden.tsv are written anew.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";

import { startBrokerUnderTest } from "../src/broker.ts";
import { freePort } from "../src/free-port.ts";
import { lacking } from "../src/needs.ts";
import { exceptions } from "./exceptions.ts";
import { AccessTable } from "./table.ts";

const goldenPath = join(import.meta.dirname, "access.golden.tsv");
const isKafka = process.env["CONFORMANCE_BROKER"] === "kafka";
const skip = isKafka ? await lacking("java") : false;

/**
 * What no row is about: what anybody may ask of a connection, what is about its own metrics, and
 * what changes the quorum's voters, of which a node that is alone has one.
 */
const withoutRow: ReadonlySet<string> = new Set([
  "ApiVersions",
  "SaslHandshake",
  "SaslAuthenticate",
  "GetTelemetrySubscriptions",
  "PushTelemetry",
  "AddRaftVoter",
  "RemoveRaftVoter",
  "UpdateRaftVoter",
]);

test("every API lets in and refuses whom Apache Kafka lets in and refuses", { skip }, async () => {
  const open = await freePort();
  await using broker = await startBrokerUnderTest({
    listeners: { OPEN: open },
    properties: AccessTable.properties,
  });
  const table = new AccessTable({ plain: Number(broker.bootstrap.split(":")[1]), open });
  await table.prepare();
  for (const api of await table.unasked()) {
    assert.ok(withoutRow.has(api), `${api} has no row in the table`);
  }
  const lines = await table.ask();
  if (isKafka && process.env["UPDATE_GOLDEN"] === "1") {
    writeFileSync(goldenPath, `${lines.join("\n")}\n`);
  }
  const golden = readFileSync(goldenPath, "utf8").trimEnd().split("\n");
  assert.ok(golden.length > 200, "the golden file is short");
  assert.deepEqual(lines, isKafka ? golden : golden.map(withExceptions));
});

test("each exception is one: Apache Kafka's answers have what it is about", () => {
  const golden = readFileSync(goldenPath, "utf8").split("\n");
  for (const { row, kafka } of exceptions) {
    const isThere = golden.some((line) => line.startsWith(`${row}\t`) && line.includes(kafka));
    assert.ok(isThere, row);
  }
});

function withExceptions(line: string): string {
  const exception = exceptions.find(
    ({ row, kafka }) => line.startsWith(`${row}\t`) && line.includes(kafka),
  );
  return exception === undefined ? line : line.replace(exception.kafka, exception.millrace);
}
