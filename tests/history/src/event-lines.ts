import type { HistoryEvent } from "./history.ts";

const operations = ["write", "poll", "assign", "read-all"];
const phases = ["invoke", "ok", "fail", "info"];

/**
 * Reads an event as `go/load` writes it: a line of JSON in which empty lists are left out.
 * @throws Error for anything else.
 */
export function parseEvent(line: string): HistoryEvent {
  const value: unknown = JSON.parse(line);
  if (!isEventLike(value)) throw new Error(`no event: ${line}`);
  const lists = { sends: [], records: [], positions: [], partition: "" };
  return { ...lists, ...value };
}

function isEventLike(value: unknown): value is HistoryEvent {
  if (typeof value !== "object" || value === null) return false;
  if (!("operation" in value && "phase" in value && "process" in value)) return false;
  const { operation, phase, process } = value;
  const areKnown = operations.includes(String(operation)) && phases.includes(String(phase));
  return areKnown && typeof process === "string";
}
