import assert from "node:assert/strict";
import { test } from "node:test";
import { parseStartArguments } from "../../src/commands/start-arguments.ts";

test("without anything the records go into ./millrace-data", () => {
  assert.deepEqual(parseStartArguments([], {}).overrides, { "log.dirs": "millrace-data" });
});

test("a file, an override or the environment that names the folder is left alone", () => {
  assert.deepEqual(parseStartArguments(["server.properties"], {}).overrides, {});
  assert.deepEqual(parseStartArguments(["--override", "log.dir=/x"], {}).overrides, {
    "log.dir": "/x",
  });
  assert.deepEqual(parseStartArguments([], { KAFKA_LOG_DIRS: "/y" }).overrides, {});
});

test("a value may have equals signs", () => {
  const { overrides } = parseStartArguments(["a.properties", "--override", "k=a=b"], {});
  assert.deepEqual(overrides, { k: "a=b" });
});

test("an override without a value and a second file are refused by name", () => {
  assert.throws(() => parseStartArguments(["--override", "k"], {}), /takes key=value.*not "k"/);
  assert.throws(() => parseStartArguments(["a", "b"], {}), /one properties file at most.*"b"/);
});
