import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigurationError, problemLine } from "../../src/config/configuration-error.ts";

const problems = [
  { key: "a", origin: "server.properties line 3", message: "a=1 is not valid: expected 2" },
  { key: "b", origin: undefined, message: "b is missing" },
];

test("a problem's line begins with where it is, if that is known", () => {
  assert.deepEqual(problems.map(problemLine), [
    "server.properties line 3: a=1 is not valid: expected 2",
    "b is missing",
  ]);
});

test("the error lists all problems and has a code", () => {
  const error = new ConfigurationError(problems);
  assert.equal(error.code, "CONFIGURATION_INVALID");
  assert.equal(error.message.split("\n").length, 2);
  assert.equal(error.problems, problems);
});
