import assert from "node:assert/strict";
import type { Commit, HistoryEvent, Send } from "./history.ts";

/** What became of a write as its client was told; `info` when it was told nothing. */
export type Outcome = "ok" | "fail" | "info";

/** A write with both of its ends. */
export interface WriteRecord {
  readonly process: string;
  /** Indexes into the history. */
  readonly invokedAt: number;
  /** The history's length when it never ended. */
  readonly endedAt: number;
  readonly outcome: Outcome;
  readonly sends: readonly Send[];
  readonly commits: readonly Commit[];
}

/** A send and the write that it belongs to. */
export interface SendOfWrite {
  readonly write: WriteRecord;
  readonly send: Send;
}

/** All writes of a history, and its sends by value. */
export interface WriteTable {
  /** In the order of their ends. */
  readonly writes: readonly WriteRecord[];
  readonly byValue: ReadonlyMap<string, SendOfWrite>;
}

type WriteEvent = Extract<HistoryEvent, { readonly operation: "write" }>;

/** Pairs the two ends of each write; asserts that the history is one of sequential processes. */
export function tableOfWrites(history: readonly HistoryEvent[]): WriteTable {
  const writes: WriteRecord[] = [];
  const open = new Map<string, { readonly event: WriteEvent; readonly invokedAt: number }>();
  for (const [index, event] of history.entries()) {
    if (event.operation !== "write") continue;
    const begun = open.get(event.process);
    if (event.phase === "invoke") {
      assert(begun === undefined, `${event.process} writes while it writes`);
      open.set(event.process, { event, invokedAt: index });
      continue;
    }
    assert(begun !== undefined, `${event.process} ends a write that it did not begin`);
    open.delete(event.process);
    writes.push(writeRecord(event, event.phase, begun.invokedAt, index));
  }
  for (const { event, invokedAt } of open.values()) {
    writes.push(writeRecord(event, "info", invokedAt, history.length));
  }
  return { writes, byValue: sendsByValue(writes) };
}

function writeRecord(
  event: WriteEvent,
  outcome: Outcome,
  invokedAt: number,
  endedAt: number,
): WriteRecord {
  const { process, sends, commits = [] } = event;
  return { process, invokedAt, endedAt, outcome, sends, commits };
}

function sendsByValue(writes: readonly WriteRecord[]): ReadonlyMap<string, SendOfWrite> {
  const byValue = new Map<string, SendOfWrite>();
  for (const write of writes) {
    for (const send of write.sends) {
      assert(!byValue.has(send.value), `${send.value} was sent twice`);
      byValue.set(send.value, { write, send });
    }
  }
  return byValue;
}
