import type { Findings } from "./anomalies.ts";
import type { Send } from "./history.ts";
import { type Places, placeName } from "./places.ts";
import type { WriteRecord, WriteTable } from "./write-table.ts";

/** Finds lost, phantom, aborted and torn writes, and those whose order was not kept. */
export function checkWrites(table: WriteTable, places: Places, findings: Findings): void {
  for (const [value, place] of places.seen) {
    const sent = table.byValue.get(value);
    if (sent === undefined) findings.add("phantom-record", `${value} at ${placeName(place)}`);
    else if (sent.write.outcome === "fail") {
      findings.add("aborted-read", `${value} at ${placeName(place)}, of ${sent.write.process}`);
    }
  }
  const lastSent = new Map<string, number>();
  for (const write of table.writes) {
    if (write.outcome !== "fail") checkWhole(write, places, findings);
    checkOrder(write, lastSent, findings);
  }
  checkCommits(table.writes, findings);
}

function checkWhole(write: WriteRecord, places: Places, findings: Findings): void {
  const missing = write.sends.filter((send) => isMissing(send, write, places));
  if (missing.length === 0) return;
  const seenCount = write.sends.filter(({ value }) => places.seen.has(value)).length;
  const words = missing.map(({ partition, offset, value }) => {
    return `${value} (${partition}@${offset ?? "?"})`;
  });
  if (write.outcome === "ok") findings.add("lost-write", `${write.process}: ${words.join(", ")}`);
  if (seenCount > 0) {
    const example = `${write.process}: ${seenCount} seen, not ${words.join(", ")}`;
    findings.add("torn-transaction", example);
  }
}

/** Whether it must have been seen by now if it is there, and was not. */
function isMissing(send: Send, write: WriteRecord, places: Places): boolean {
  if (places.seen.has(send.value)) return false;
  const facts = places.partitions.get(send.partition);
  if (facts === undefined) return false;
  const isPassed = send.offset !== undefined && facts.lastSeenOffset > send.offset;
  return isPassed || facts.readAllAt > write.endedAt;
}

function checkOrder(write: WriteRecord, lastSent: Map<string, number>, findings: Findings): void {
  const lastInside = new Map<string, number>();
  for (const { partition, offset, value } of write.sends) {
    if (offset === undefined) continue;
    const what = `${write.process}: ${value} at ${placeName({ partition, offset })}`;
    const inside = lastInside.get(partition);
    const before = lastSent.get(`${write.process} ${partition}`);
    if (inside !== undefined) {
      if (offset <= inside) findings.add("internal-nonmonotonic-send", `${what}, after @${inside}`);
    } else if (before !== undefined && offset <= before) {
      findings.add("nonmonotonic-send", `${what}, after @${before}`);
    }
    lastInside.set(partition, offset);
  }
  for (const [partition, offset] of lastInside)
    lastSent.set(`${write.process} ${partition}`, offset);
}

/** A commit that began after another had ended must not be lower. */
function checkCommits(writes: readonly WriteRecord[], findings: Findings): void {
  const ends = writes.filter(({ outcome, commits }) => outcome === "ok" && commits.length > 0);
  const begins = ends.toSorted((left, right) => left.invokedAt - right.invokedAt);
  const highest = new Map<string, number>();
  let next = 0;
  for (const write of begins) {
    for (; (ends[next]?.endedAt ?? Infinity) < write.invokedAt; next += 1) {
      for (const { group, partition, offset } of ends[next]?.commits ?? []) {
        const key = `${group} ${partition}`;
        highest.set(key, Math.max(offset, highest.get(key) ?? 0));
      }
    }
    for (const { group, partition, offset } of write.commits) {
      const before = highest.get(`${group} ${partition}`) ?? 0;
      if (offset >= before) continue;
      const example = `${write.process}: ${group} of ${partition} from ${before} to ${offset}`;
      findings.add("offset-regression", example);
    }
  }
}
