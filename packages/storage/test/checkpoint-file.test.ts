import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { formatOffsetCheckpoint, readOffsetCheckpoint } from "../src/checkpoint-file.ts";
import { CorruptFileError } from "../src/errors.ts";
import { replaceFile } from "../src/small-file.ts";

function readText(text: string): Map<string, number> {
  const { fileSystem } = simPlatform({ seed: 1 });
  replaceFile(fileSystem, "/c", { content: text, durability: "cached" });
  return readOffsetCheckpoint(fileSystem, "/c");
}

test("a checkpoint reads as it was written, in Kafka's form", () => {
  const text = formatOffsetCheckpoint([
    { topic: "orders", partition: 0, offset: 42 },
    { topic: "a-b.c", partition: 11, offset: 0 },
  ]);
  assert.equal(text, "0\n2\norders 0 42\na-b.c 11 0\n");
  assert.deepEqual(
    [...readText(text)],
    [
      ["orders-0", 42],
      ["a-b.c-11", 0],
    ],
  );
});

test("no file is an empty checkpoint", () => {
  assert.equal(readOffsetCheckpoint(simPlatform({ seed: 1 }).fileSystem, "/none").size, 0);
});

test("a damaged checkpoint is refused", () => {
  for (const text of [
    "",
    "1\n0\n",
    "0\n2\na 0 1\n",
    "0\n1\na 0\n",
    "0\n1\na x 1\n",
    "0\n1\na 0 z\n",
  ]) {
    assert.throws(() => readText(text), CorruptFileError, JSON.stringify(text));
  }
});
