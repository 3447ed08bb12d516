import type { Commit, HistoryEvent, Place, Seen, Send } from "../../src/history.ts";
import { seededRandom } from "../../src/seeded-random.ts";

/** Partitions that are written to, and those that hold the copies. */
export const inputs = ["a-0", "a-1", "a-2"];
const outputs = ["b-0", "b-1", "b-2"];

interface OpenWrite {
  readonly process: string;
  readonly sends: readonly Send[];
}

/** A history that a broker without fault could have given. */
export function cleanHistory(seed: number, stepCount = 120): readonly HistoryEvent[] {
  return new FaultlessBroker(seededRandom(seed)).run(stepCount);
}

/** One log a partition, in which markers and aborted records take places that nobody sees. */
class FaultlessBroker {
  readonly #random: () => number;
  readonly #events: HistoryEvent[] = [];
  readonly #endOffset = new Map<string, number>();
  readonly #visible = new Map<string, Seen[]>();
  readonly #open = new Map<string, OpenWrite>();
  readonly #position = new Map<string, number>();
  readonly #copied = new Map<string, number>();
  #valueCount = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  run(stepCount: number): readonly HistoryEvent[] {
    for (let step = 0; step < stepCount; step += 1) {
      const kind = this.#random();
      if (kind < 0.45) this.#writer(`writer-${this.#below(3)}`);
      else if (kind < 0.85) this.#poll(`reader-${this.#below(2)}`);
      else if (kind < 0.88) this.#assign(`reader-${this.#below(2)}`);
      else this.#copy(this.#random() < 0.2);
    }
    for (const process of this.#open.keys()) this.#writer(process);
    while (this.#copy(false)) continue;
    for (const partition of [...inputs, ...outputs]) this.#readAll(partition);
    return this.#events;
  }

  #below(end: number): number {
    return Math.floor(this.#random() * end);
  }

  #append(partition: string): number {
    const offset = this.#endOffset.get(partition) ?? 0;
    this.#endOffset.set(partition, offset + 1);
    return offset;
  }

  #send(partition: string, source?: Place): Send {
    this.#valueCount += 1;
    const value = `v${this.#valueCount}`;
    const offset = this.#append(partition);
    return { partition, value, offset, ...(source === undefined ? {} : { source }) };
  }

  /** Begins a write, or ends the one that is open. */
  #writer(process: string): void {
    const open = this.#open.get(process);
    if (open === undefined) {
      const count = 1 + this.#below(4);
      const sends = Array.from({ length: count }, () => {
        return this.#send(inputs[this.#below(inputs.length)] ?? "");
      });
      this.#open.set(process, { process, sends });
      this.#events.push(invoked(process, sends));
      return;
    }
    this.#open.delete(process);
    const kind = this.#random();
    const phase = kind < 0.6 ? "ok" : kind < 0.8 ? "fail" : "info";
    const takesEffect = phase === "ok" || (phase === "info" && this.#random() < 0.5);
    const knowsPlaces = phase === "ok" || this.#random() < 0.5;
    const sends = knowsPlaces ? open.sends : open.sends.map(withoutOffset);
    this.#events.push({ phase, process, operation: "write", sends });
    this.#end(open.sends, takesEffect);
  }

  #end(sends: readonly Send[], takesEffect: boolean): void {
    for (const { partition, value, offset = -1 } of takesEffect ? sends : []) {
      const visible = this.#visible.get(partition) ?? [];
      visible.push({ partition, offset, value });
      this.#visible.set(
        partition,
        visible.sort((left, right) => left.offset - right.offset),
      );
    }
    for (const partition of new Set(sends.map((send) => send.partition))) this.#append(partition);
  }

  /** The last stable offset. */
  #stableEnd(partition: string): number {
    const open = [...this.#open.values()].flatMap(({ sends }) => sends);
    const offsets = open.filter((send) => send.partition === partition).map((send) => send.offset);
    return Math.min(Infinity, ...offsets.map((offset) => offset ?? -1));
  }

  #read(partition: string, from: number, countMax: number): readonly Seen[] {
    const end = this.#stableEnd(partition);
    const visible = this.#visible.get(partition) ?? [];
    return visible.filter(({ offset }) => offset >= from && offset < end).slice(0, countMax);
  }

  #poll(process: string): void {
    const records = inputs.flatMap((partition) => {
      const key = `${process} ${partition}`;
      const read = this.#read(partition, this.#position.get(key) ?? 0, this.#below(4));
      const last = read.at(-1);
      if (last !== undefined) this.#position.set(key, last.offset + 1);
      return read;
    });
    this.#events.push({ phase: "ok", process, operation: "poll", records });
  }

  #assign(process: string): void {
    const positions = inputs.map((partition) => ({ partition, offset: this.#below(10) }));
    for (const { partition, offset } of positions) {
      this.#position.set(`${process} ${partition}`, offset);
    }
    this.#events.push({ phase: "ok", process, operation: "assign", positions });
  }

  /** Copies some records of one partition; false when there are none. */
  #copy(isAborted: boolean): boolean {
    const uncopied = inputs.flatMap((partition, index) => {
      const records = this.#read(partition, this.#copied.get(partition) ?? 0, 3);
      return records.length > 0 ? [{ partition, records, output: outputs[index] ?? "" }] : [];
    });
    const batch = uncopied[this.#below(uncopied.length)];
    if (batch === undefined) return false;
    const { partition, records, output } = batch;
    const sends = records.map(({ offset }) => this.#send(output, { partition, offset }));
    const endOffset = (records.at(-1)?.offset ?? 0) + 1;
    const commits: readonly Commit[] = [{ group: "copiers", partition, offset: endOffset }];
    this.#events.push(invoked("copier", sends));
    const phase = isAborted ? "fail" : "ok";
    this.#events.push({ phase, process: "copier", operation: "write", sends, commits });
    this.#end(sends, !isAborted);
    if (!isAborted) this.#copied.set(partition, endOffset);
    return true;
  }

  #readAll(partition: string): void {
    const records = this.#read(partition, 0, Infinity);
    const common = { process: "final", operation: "read-all", partition } as const;
    this.#events.push({ phase: "invoke", ...common, records: [] });
    this.#events.push({ phase: "ok", ...common, records });
  }
}

function invoked(process: string, sends: readonly Send[]): HistoryEvent {
  return { phase: "invoke", process, operation: "write", sends: sends.map(withoutOffset) };
}

function withoutOffset({ partition, value, source }: Send): Send {
  return { partition, value, ...(source === undefined ? {} : { source }) };
}
