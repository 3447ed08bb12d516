import type { OffsetPoint, OffsetRange } from "../../offsets/offset-range.ts";
import { UsageError } from "../../usage-error.ts";

/** Reads kcat's `-o`, which may be given twice: where to begin, and `e@` where to stop. */
export function catOffset(texts: readonly string[]): OffsetRange {
  let range: OffsetRange = { from: { kind: "start" }, to: undefined };
  for (const text of texts) {
    const [, stop] = /^e@(\d+)$/u.exec(text) ?? [];
    if (stop === undefined) range = { ...range, from: pointOf(text) };
    else range = { ...range, to: { kind: "timestamp", timestampMs: Number(stop) } };
  }
  return range;
}

function pointOf(text: string): OffsetPoint {
  if (text === "beginning" || text === "stored") return { kind: "start" };
  if (text === "end") return { kind: "end" };
  if (/^\d+$/u.test(text)) return { kind: "offset", offset: Number(text) };
  if (/^-\d+$/u.test(text)) return { kind: "fromEnd", count: Number(text.slice(1)) };
  const [, begin] = /^s@(\d+)$/u.exec(text) ?? [];
  if (begin !== undefined) return { kind: "timestamp", timestampMs: Number(begin) };
  throw new UsageError(`cat: -o takes beginning, end, 42, -5, s@MS or e@MS, not "${text}"`);
}
