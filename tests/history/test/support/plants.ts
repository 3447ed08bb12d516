import type { AnomalyName } from "../../src/anomalies.ts";
import type { HistoryEvent, Seen, Send } from "../../src/history.ts";

/**
 * Spoils a clean history in one way, at a place that chance picks; undefined when it has no such
 * place.
 */
export type Plant = (
  history: readonly HistoryEvent[],
  random: () => number,
) => readonly HistoryEvent[] | undefined;

type WriteEvent = Extract<HistoryEvent, { readonly operation: "write" }>;
type ReadEvent = Extract<HistoryEvent, { readonly operation: "poll" | "read-all" }>;

/** A way to plant each anomaly. */
export const plants: Readonly<Record<AnomalyName, Plant>> = {
  "lost-write": (history, random) => {
    const values = seenValues(history);
    const write = pick(writesOf(history, "ok", 1), random, ({ sends }) =>
      sends.every(({ value }) => values.has(value)),
    );
    return write && unseen(history, write.sends);
  },
  duplicate: (history, random) => {
    return changeRead(history, random, 1, ({ records }) => {
      const record = records[Math.floor(random() * records.length)];
      return record && [...records, { ...record, offset: (records.at(-1)?.offset ?? 0) + 1000 }];
    });
  },
  "inconsistent-offset": (history, random) => {
    return changeRead(history, random, 2, ({ records }) => {
      const [first, second, ...others] = records;
      return first && second && [first, { ...second, value: first.value }, ...others];
    });
  },
  "phantom-record": (history, random) => {
    return changeRead(history, random, 1, ({ records }) => {
      const place = { partition: records[0]?.partition ?? "", offset: 100_000 };
      return [...records, { ...place, value: "nobody sent this" }];
    });
  },
  "aborted-read": (history, random) => {
    const values = seenValues(history);
    const write = pick(writesOf(history, "ok", 1), random, ({ sends }) =>
      sends.every(({ value }) => values.has(value)),
    );
    return write && history.map((event) => (event === write ? { ...write, phase: "fail" } : event));
  },
  "torn-transaction": (history, random) => {
    const values = seenValues(history);
    const writes = [...writesOf(history, "ok", 2), ...writesOf(history, "info", 2)];
    const write = pick(writes, random, ({ sends }) =>
      sends.every(({ value }) => values.has(value)),
    );
    return write && unseen(history, [write.sends[Math.floor(random() * write.sends.length)]]);
  },
  "poll-skip": (history, random) => changePollPair(history, random, (_, next) => next.slice(1)),
  "internal-poll-skip": (history, random) => {
    return changePolls(history, random, (records) => {
      const [first, second] = records;
      const isRun = records.length > 2 && isOnePartition(records) && first && second;
      return isRun ? [first, ...records.slice(2)] : undefined;
    });
  },
  "nonmonotonic-poll": (history, random) => {
    return changePollPair(history, random, (last, next) => [last, ...next]);
  },
  "internal-nonmonotonic-poll": (history, random) => {
    return changePolls(history, random, (records) => {
      const first = records[0];
      const isRun = records.length > 1 && isOnePartition(records) && first;
      return isRun ? [...records, first] : undefined;
    });
  },
  "nonmonotonic-send": (history, random) => {
    const write = pick(writesOf(history, "ok", 1), random, (one) => {
      const earlier = history.slice(0, history.indexOf(one)).filter((event) => {
        return event.operation === "write" && event.process === one.process;
      });
      return earlier.some((event) => {
        const sends = event.operation === "write" && event.phase === "ok" ? event.sends : [];
        return sends.some((send) => send.partition === one.sends[0]?.partition);
      });
    });
    return write && changeSends(history, write, (send) => ({ ...send, offset: -1 }));
  },
  "internal-nonmonotonic-send": (history, random) => {
    const write = pick(writesOf(history, "ok", 2), random, ({ sends }) => {
      return sends[0]?.partition === sends[1]?.partition;
    });
    const offset = write?.sends[0]?.offset ?? 0;
    return write && changeSends(history, write, (send) => ({ ...send, offset }));
  },
  "offset-regression": (history, random) => {
    const commits = writesOf(history, "ok", 1).filter((write) => write.commits !== undefined);
    const write = pick(commits.slice(1), random, (one) => {
      const partition = one.commits?.[0]?.partition;
      const index = commits.indexOf(one);
      return commits.slice(0, index).some((other) => other.commits?.[0]?.partition === partition);
    });
    const zero = write?.commits?.map((commit) => ({ ...commit, offset: 0 })) ?? [];
    return write && history.map((event) => (event === write ? { ...write, commits: zero } : event));
  },
  "copied-twice": (history, random) => {
    const copies = writesOf(history, "ok", 2).filter(({ sends }) => sends[0]?.source !== undefined);
    const write = pick(copies, random, () => true);
    const source = write?.sends[0]?.source;
    return write && source && changeSends(history, write, (send) => ({ ...send, source }));
  },
  "not-copied": (history, random) => {
    const copies = writesOf(history, "ok", 1).filter(({ sends }) => sends[0]?.source !== undefined);
    const write = pick(copies, random, () => true);
    if (write === undefined) return undefined;
    return unseen(history, write.sends).filter((event) => {
      return event.operation !== "write" || event.sends[0]?.value !== write.sends[0]?.value;
    });
  },
  "copied-out-of-order": (history, random) => {
    const copies = writesOf(history, "ok", 2).filter(({ sends }) => sends[0]?.source !== undefined);
    const write = pick(copies, random, () => true);
    const sources = write?.sends.map(({ source }) => source).toReversed() ?? [];
    return (
      write &&
      changeSends(history, write, (send, index) => {
        const source = sources[index];
        return source === undefined ? send : { ...send, source };
      })
    );
  },
};

function pick<T>(
  list: readonly T[],
  random: () => number,
  isFit: (one: T) => boolean,
): T | undefined {
  const fit = list.filter(isFit);
  return fit[Math.floor(random() * fit.length)];
}

function writesOf(
  history: readonly HistoryEvent[],
  phase: "ok" | "info",
  sendCountMin: number,
): readonly WriteEvent[] {
  return history.filter((event): event is WriteEvent & HistoryEvent => {
    if (event.operation !== "write" || event.phase !== phase) return false;
    return event.sends.length >= sendCountMin;
  });
}

function isRead(event: HistoryEvent): event is ReadEvent {
  const reads = event.operation === "poll" || event.operation === "read-all";
  return reads && event.phase === "ok";
}

function seenValues(history: readonly HistoryEvent[]): ReadonlySet<string> {
  return new Set(history.filter(isRead).flatMap(({ records }) => records.map((one) => one.value)));
}

/** The history in which nobody saw these. */
function unseen(
  history: readonly HistoryEvent[],
  sends: readonly (Send | undefined)[],
): readonly HistoryEvent[] {
  const values = new Set(sends.map((send) => send?.value));
  return history.map((event) => {
    if (!isRead(event)) return event;
    return { ...event, records: event.records.filter(({ value }) => !values.has(value)) };
  });
}

function isOnePartition(records: readonly Seen[]): boolean {
  return new Set(records.map(({ partition }) => partition)).size === 1;
}

function changeRead(
  history: readonly HistoryEvent[],
  random: () => number,
  recordCountMin: number,
  change: (read: ReadEvent) => readonly Seen[] | undefined,
): readonly HistoryEvent[] | undefined {
  const read = pick(history.filter(isRead), random, ({ records, operation }) => {
    return operation === "read-all" && records.length >= recordCountMin;
  });
  const records = read && change(read);
  return records && history.map((event) => (event === read ? { ...read, records } : event));
}

/** Changes the records of one partition in one poll. */
function changePolls(
  history: readonly HistoryEvent[],
  random: () => number,
  change: (records: readonly Seen[]) => readonly Seen[] | undefined,
): readonly HistoryEvent[] | undefined {
  const candidates = history.flatMap((event) => {
    if (event.operation !== "poll") return [];
    const records = change(event.records);
    return records === undefined ? [] : [{ event, records }];
  });
  const chosen = pick(candidates, random, () => true);
  if (chosen === undefined) return undefined;
  const { event, records } = chosen;
  return history.map((one) => (one === event ? { ...event, records } : one));
}

/** Changes a poll by what the same process saw last in the same partition in the poll before. */
function changePollPair(
  history: readonly HistoryEvent[],
  random: () => number,
  change: (last: Seen, next: readonly Seen[]) => readonly Seen[],
): readonly HistoryEvent[] | undefined {
  const lastOf = new Map<string, Seen>();
  const candidates: { readonly event: ReadEvent; readonly records: readonly Seen[] }[] = [];
  for (const event of history) {
    if (event.operation === "assign") lastOf.clear();
    if (event.operation !== "poll") continue;
    const first = event.records[0];
    const last = first && lastOf.get(`${event.process} ${first.partition}`);
    // A skip shows only when something of the same partition follows.
    const isLong = event.records.filter((one) => one.partition === first?.partition).length > 1;
    if (last !== undefined && isLong) {
      candidates.push({ event, records: change(last, event.records) });
    }
    for (const record of event.records) lastOf.set(`${event.process} ${record.partition}`, record);
  }
  const chosen = pick(candidates, random, () => true);
  if (chosen === undefined) return undefined;
  const { event, records } = chosen;
  return history.map((one) => (one === event ? { ...chosen.event, phase: "ok", records } : one));
}

function changeSends(
  history: readonly HistoryEvent[],
  write: WriteEvent,
  change: (send: Send, index: number) => Send,
): readonly HistoryEvent[] {
  return history.map((event) => {
    return event === write ? { ...event, sends: event.sends.map(change) } : event;
  }) as readonly HistoryEvent[];
}
