import assert from "node:assert/strict";
import { test } from "node:test";
import { checkChoice } from "../../src/options/check-choice.ts";

test("a value that is none of the choices is refused, with the nearest one or all of them", () => {
  const choices = ["read_committed", "read_uncommitted", false];
  checkChoice("isolation", "read_committed", choices);
  checkChoice("isolation", false, choices);
  assert.throws(() => checkChoice("isolation", "read_comitted", choices), {
    code: "INVALID_OPTION",
    hint: 'Did you mean "read_committed"?',
  });
  assert.throws(() => checkChoice("isolation", 7, choices), {
    message: /isolation is 7/,
    hint: 'It is one of "read_committed", "read_uncommitted", false.',
  });
});
