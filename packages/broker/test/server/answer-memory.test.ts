import assert from "node:assert/strict";
import { test } from "node:test";

import { AnswerMemory } from "../../src/server/answer-memory.ts";

const mebibyte = 1024 * 1024;

test("answers grow smaller as untaken ones fill the memory, and never too small to go on", () => {
  const answers = new AnswerMemory({ bytesMax: 4 * mebibyte });
  assert.equal(answers.roomBytes(), 4 * mebibyte);
  answers.charge(2 * mebibyte);
  assert.equal(answers.roomBytes(), 2 * mebibyte);
  assert.equal(answers.isFull, false);
  answers.charge(3 * mebibyte);
  assert.equal(answers.roomBytes(), mebibyte);
  assert.equal(answers.isFull, true);
  answers.charge(-5 * mebibyte);
  assert.equal(answers.isFull, false);
});
