import process from "node:process";

import { KafkaError } from "@millrace/client";

import type { ChaosFact } from "../events.ts";

/** Tells an event on the standard output. */
export type Report = (fact: ChaosFact) => void;

/** Writes events as lines; the run that reads them judges. */
export const report: Report = (fact) => {
  const atMs = Math.round(performance.timeOrigin + performance.now());
  process.stdout.write(`${JSON.stringify({ atMs, ...fact })}\n`);
};

/** An error in a line. */
export function wordsOf(error: unknown): string {
  if (error instanceof KafkaError) return `${error.code}: ${error.message}`;
  return String(error);
}
