import type { OffsetSpec } from "@millrace/client";
import { ToolFailure } from "../tool-errors.ts";

const names: Readonly<Record<string, OffsetSpec>> = {
  latest: "latest",
  earliest: "earliest",
  "max-timestamp": "maxTimestamp",
  "earliest-local": "earliestLocal",
  "latest-tiered": "latestTiered",
  "earliest-pending-upload": "earliestPendingUpload",
};

/** In the order of the numbers that stand for them: -1, -2 … */
const numbered = Object.values(names);

/** Reads `--time`. @throws ToolFailure */
export function offsetSpecOf(text: string): OffsetSpec {
  const named = Object.hasOwn(names, text) ? names[text] : undefined;
  if (named !== undefined) return named;
  if (!/^[+-]?\d+$/.test(text)) {
    throw new ToolFailure(
      `Malformed time argument ${text}. Please use -1 or latest / -2 or earliest / ` +
        "-3 or max-timestamp / -4 or earliest-local / -5 or latest-tiered / " +
        "-6 or earliest-pending-upload, or a specified long format timestamp",
    );
  }
  const time = Number(text);
  return numbered[-time - 1] ?? { timestamp: time };
}
