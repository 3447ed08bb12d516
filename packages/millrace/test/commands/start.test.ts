import assert from "node:assert/strict";
import { test } from "node:test";
import { greeting } from "../../src/commands/start.ts";

const given = {
  propertiesPath: undefined,
  overrides: {},
  logLevel: undefined,
  logFormat: undefined,
};

test("the greeting's commands use the address that was bound", () => {
  const text = greeting(given, ["127.0.0.1:9192", "127.0.0.1:9193"], 142.4);
  assert.match(text, /is ready after 142 ms/);
  assert.match(text, /Kafka +127\.0\.0\.1:9192, 127\.0\.0\.1:9193/);
  assert.match(text, /kcat -b 127\.0\.0\.1:9192 -t greetings -P/);
});

test("the greeting says where records and configuration are, when that is known", () => {
  const overrides = { "log.dirs": "millrace-data" };
  const text = greeting({ ...given, overrides, propertiesPath: "a.properties" }, ["h:1"], 1);
  assert.match(text, /Records in +millrace-data/);
  assert.match(text, /Configuration +a\.properties/);
  assert.doesNotMatch(greeting(given, ["h:1"], 1), /Records in|Configuration/);
});
