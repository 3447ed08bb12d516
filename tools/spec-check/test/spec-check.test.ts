import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isClean, report, specCheck } from "../src/spec-check.ts";
import { jarOf } from "./jar-of.ts";

const header = (clientIdType: string) => `{
  "type": "header", "name": "RequestHeader", "validVersions": "1-2", "flexibleVersions": "2+",
  "fields": [
    { "name": "RequestApiKey", "type": "int16", "versions": "0+" },
    { "name": "RequestApiVersion", "type": "int16", "versions": "0+" },
    { "name": "CorrelationId", "type": "int32", "versions": "0+" },
    { "name": "ClientId", "type": "${clientIdType}", "versions": "1+", "nullableVersions": "1+", "flexibleVersions": "none" }
  ]
}`;

function check(clientIdType: string) {
  const folder = mkdtempSync(join(tmpdir(), "spec-check-"));
  try {
    const jar = jarOf({ "common/message/RequestHeader.json": header(clientIdType) });
    writeFileSync(join(folder, "kafka-clients-4.3.1.jar"), jar);
    return specCheck(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("a definition in a jar is compared with ours", () => {
  const comparison = check("string");
  assert.deepEqual([comparison.messageCount, comparison.differentCount], [1, 0]);
  // All our other messages are unknown to this jar.
  assert.equal(isClean(comparison), false);
});

test("a field that a jar defines otherwise is reported, with the figures last", () => {
  const lines = report(check("bytes"));
  assert.ok(lines.some((line) => line.startsWith("RequestHeader v1: ours")));
  assert.equal(lines.at(-1), "1 messages, 0 missing, 1 different");
});

test("a folder in which nothing was seen is not clean", () => {
  const nothing = { messageCount: 0, missing: [], unknown: [], differences: [], differentCount: 0 };
  assert.equal(isClean(nothing), false);
  assert.equal(isClean({ ...nothing, messageCount: 1 }), true);
});
