import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { splitLines } from "../../src/records/split-lines.ts";

async function linesOf(chunks: readonly Buffer[], delimiter: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of splitLines(chunksOf(chunks), Buffer.from(delimiter))) {
    lines.push(line.toString());
  }
  return lines;
}

// oxlint-disable-next-line require-await -- an input that has everything at once
async function* chunksOf(chunks: readonly Buffer[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

test("wherever the bytes are cut, the lines are the same", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.stringMatching(/^[ab;]{0,6}$/u)),
      fc.constantFrom("\n", ";", "ab", "a;a"),
      fc.integer({ min: 1, max: 5 }),
      async (parts, delimiter, size) => {
        const text = parts.join(delimiter);
        const expected = text.split(delimiter);
        if (expected.at(-1) === "") expected.pop();
        const bytes = Buffer.from(text);
        const chunks: Buffer[] = [];
        for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
        assert.deepEqual(await linesOf(chunks, delimiter), expected);
      },
    ),
  );
});
