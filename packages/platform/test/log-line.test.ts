import assert from "node:assert/strict";
import { test } from "node:test";
import { formatJsonLine, formatPrettyLine, IoError, type LogLine } from "@millrace/platform";

const line: LogLine = {
  timeMs: 1_767_225_600_123,
  level: "info",
  logger: "kafka.log.LogManager",
  message: "Loaded logs",
  fields: { count: 3, producerId: 5n, name: "two words", level: "forged" },
};

test("a JSON line is one object on one line, whose own names no field replaces", () => {
  const text = formatJsonLine(line);
  assert.equal(text.indexOf("\n"), text.length - 1);
  assert.deepEqual(JSON.parse(text), {
    time: "2026-01-01T00:00:00.123Z",
    level: "info",
    logger: "kafka.log.LogManager",
    message: "Loaded logs",
    count: 3,
    producerId: "5",
    name: "two words",
  });
});

test("an error carries its code, stack and cause", () => {
  const error = new IoError("write failed", {
    path: "/a",
    systemCode: "EIO",
    cause: new Error("inner"),
  });
  const text = formatJsonLine({ ...line, fields: { error } });
  assert.match(text, /"code":"IO_ERROR"/);
  assert.match(text, /"message":"inner"/);
  const pretty = formatPrettyLine({ ...line, fields: { error } }, false);
  assert.match(pretty, /caused by Error: inner/);
});

test("a pretty line is for people", () => {
  assert.equal(
    formatPrettyLine(line, false),
    '00:00:00.123 INFO  Loaded logs count=3 producerId="5" name="two words" level=forged ' +
      "(kafka.log.LogManager)\n",
  );
  assert.ok(formatPrettyLine(line, true).includes("\u001b[32mINFO "));
});

test("what a client chose cannot forge a line or drive the terminal", () => {
  const hostile = "x\n00:00:00 ERROR fake\u001b[31m\u009b";
  const text = formatPrettyLine({ ...line, message: hostile, fields: { id: hostile } }, false);
  assert.equal(text.indexOf("\n"), text.length - 1);
  assert.doesNotMatch(text.slice(0, -1), /\p{Cc}/u);
});
