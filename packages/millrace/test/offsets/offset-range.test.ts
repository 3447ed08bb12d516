import assert from "node:assert/strict";
import { test } from "node:test";
import { parseOffsetPoint, parseOffsetRange } from "../../src/offsets/offset-range.ts";

const nowMs = Date.parse("2026-11-23T12:00:00Z");
const hourMs = 3_600_000;

test("one place: the words, an offset, behind the start, before the end", () => {
  for (const [text, from] of [
    ["start", { kind: "start" }],
    ["earliest", { kind: "start" }],
    ["end", { kind: "end" }],
    ["latest", { kind: "end" }],
    ["42", { kind: "offset", offset: 42 }],
    ["+10", { kind: "fromStart", count: 10 }],
    ["-5", { kind: "fromEnd", count: 5 }],
    ["@1700000000000", { kind: "timestamp", timestampMs: 1_700_000_000_000 }],
    ["@-1h30m", { kind: "timestamp", timestampMs: nowMs - 1.5 * hourMs }],
    ["@2026-11-23", { kind: "timestamp", timestampMs: nowMs - 12 * hourMs }],
    ["@2026-11-23T11:00:00Z", { kind: "timestamp", timestampMs: nowMs - hourMs }],
    [
      "@2026-11-23T11:00:00.250+01:00",
      { kind: "timestamp", timestampMs: nowMs - 2 * hourMs + 250 },
    ],
  ] as const) {
    assert.deepEqual(parseOffsetRange(text, nowMs), { from, to: undefined }, text);
    assert.deepEqual(parseOffsetPoint(text, nowMs), from, text);
  }
});

test("a range has an end, which is left out; either side may be missing", () => {
  const start = { kind: "start" } as const;
  const end = { kind: "end" } as const;
  for (const [text, from, to] of [
    [":end", start, end],
    ["5:9", { kind: "offset", offset: 5 }, { kind: "offset", offset: 9 }],
    ["5:", { kind: "offset", offset: 5 }, undefined],
    ["-10:end", { kind: "fromEnd", count: 10 }, end],
    ["@-2h:@-1h", ago(2), ago(1)],
    ["@2026-11-23T10:00:00Z:1h", ago(2), ago(1)],
    ["@2026-11-23T10:00Z:@2026-11-23T11:00Z", ago(2), ago(1)],
    ["@-2h:end", ago(2), end],
  ] as const) {
    assert.deepEqual(parseOffsetRange(text, nowMs), { from, to }, text);
  }
});

test("what is none is refused with the grammar", () => {
  for (const text of [
    "x",
    "@",
    "@yesterday",
    "1.5",
    "--5",
    "99999999999999999999",
    "@2026-13-45",
  ]) {
    assert.throws(() => parseOffsetRange(text, nowMs), /is not an offset\.\nOffsets:\n/u, text);
  }
});

function ago(hours: number) {
  return { kind: "timestamp", timestampMs: nowMs - hours * hourMs } as const;
}
