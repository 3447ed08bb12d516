import assert from "node:assert/strict";
import { test } from "node:test";
import { parseOffsetRange } from "../../src/offsets/offset-range.ts";
import { type OffsetSource, resolveRange } from "../../src/offsets/resolve-range.ts";

/** Two partitions: offsets 10 to 20, and an empty one at 7; a record each millisecond from 1000. */
const partitions = [
  { topic: "orders", partition: 0 },
  { topic: "orders", partition: 1 },
];

const source: OffsetSource = {
  startOffsets: () => Promise.resolve([10, 7]),
  endOffsets: () => Promise.resolve([20, 7]),
  offsetsAt: (_partitions, timestampMs) => {
    const offset = 10 + timestampMs - 1000;
    return Promise.resolve([offset < 20 ? Math.max(10, offset) : undefined, undefined]);
  },
};

for (const [text, first, second] of [
  ["start", [10, undefined], [7, undefined]],
  ["end", [20, undefined], [7, undefined]],
  ["15", [15, undefined], [7, undefined]],
  ["3", [10, undefined], [7, undefined]],
  ["+4", [14, undefined], [7, undefined]],
  ["-3", [17, undefined], [7, undefined]],
  ["-300", [10, undefined], [7, undefined]],
  ["@1005", [15, undefined], [7, undefined]],
  ["@9000", [20, undefined], [7, undefined]],
  [":end", [10, 20], [7, 7]],
  ["-5:18", [15, 18], [7, 7]],
  ["@1002:2ms", [12, 14], [7, 7]],
] as const) {
  test(`${text} means these offsets`, async () => {
    const spans = await resolveRange(parseOffsetRange(text, 0), partitions, source);
    assert.deepEqual(
      spans.map(({ from, end }) => [from, end]),
      [first, second],
    );
  });
}
