import assert from "node:assert/strict";
import fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { LogLine } from "@millrace/platform";
import { createLogWriter } from "@millrace/platform/node";

const root = fs.mkdtempSync(join(tmpdir(), "millrace-log-"));
after(() => fs.rmSync(root, { recursive: true }));

const line: LogLine = {
  timeMs: 0,
  level: "info",
  logger: "root",
  message: "hello",
  fields: undefined,
};

test("lines go to the descriptor in the format asked for", () => {
  const path = join(root, "log");
  const descriptor = fs.openSync(path, "w");
  createLogWriter({ descriptor, format: "json", hasColors: false })(line);
  createLogWriter({ descriptor, format: "pretty", hasColors: false })(line);
  fs.closeSync(descriptor);
  const [json, pretty] = fs.readFileSync(path, "utf8").split("\n");
  assert.match(json ?? "", /^\{"time":"1970-01-01T00:00:00.000Z","level":"info"/);
  assert.equal(pretty, "00:00:00.000 INFO  hello");
});

test("a log that cannot be written does not stop the process", () => {
  const descriptor = fs.openSync("/dev/full", "w");
  createLogWriter({ descriptor, format: "json", hasColors: false })(line);
  fs.closeSync(descriptor);
});
