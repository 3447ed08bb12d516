import assert from "node:assert/strict";
import { test } from "node:test";
import type { OptionTable } from "../../../src/kafka-tools/options/option-table.ts";
import { parseOptions } from "../../../src/kafka-tools/options/parse-options.ts";

const table = {
  topic: { description: "", argument: "required" },
  codec: { description: "", argument: "optional" },
  n: { description: "", argument: "required", type: "Integer" },
  list: { description: "" },
  state: { description: "", availableIf: ["list"] },
  time: { description: "", argument: "required", defaultsTo: "latest" },
} as const satisfies OptionTable;

const parsed = (words: string) => parseOptions(table, words.split(" "));

test("values follow, or stand behind an equals sign, whatever they look like", () => {
  assert.equal(parsed("--topic --list").text("topic"), "--list");
  assert.equal(parsed("--topic=a=b").text("topic"), "a=b");
  assert.equal(parsed("-topic x").text("topic"), "x");
  assert.equal(parsed("--topic= --list").text("topic"), "");
});

test("an optional value is none that looks like an option", () => {
  assert.equal(parsed("--codec --list").text("codec"), undefined);
  assert.equal(parsed("--codec lz4").text("codec"), "lz4");
});

test("other words are ignored, and all behind two dashes", () => {
  assert.equal(parsed("x --list").has("list"), true);
  assert.equal(parsed("-- --list").has("list"), false);
});

test("what is wrong is told in joptsimple's words", () => {
  assert.throws(() => parsed("--topic"), /^OptionError: Option topic requires an argument$/);
  assert.throws(() => parsed("--lis"), /: lis is not a recognized option$/);
  assert.throws(() => parsed("-list-all"), /: l is not a recognized option$/);
  assert.throws(() => parsed("--state"), /\[state\] are unavailable given other options/);
  assert.throws(() => parsed("--n abc").integer("n"), /argument 'abc' of option n$/);
  assert.throws(() => parsed("--topic a --topic b").text("topic"), /multiple arguments/);
});

test("what is left out has its default, and is not there", () => {
  assert.equal(parsed("--list").text("time"), "latest");
  assert.equal(parsed("--list").has("time"), false);
});
