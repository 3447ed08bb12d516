import { type At, type ChaosEvent, partitionCount, partsOf, protocols } from "./events.ts";
import type { Findings } from "./findings.ts";
import type { HandlingJudge } from "./handling-judge.ts";

/** The values of each partition of a topic, by its offsets from 0; a gap is undefined. */
export type TopicValues = readonly (readonly (string | undefined)[])[];

/** Judges at the end what lies in the logs, by what the load was told. */
export class LogJudge {
  readonly #findings: Findings;
  readonly #stored = new Map<string, At>();
  readonly #flushed = new Map<string, number>();
  readonly #shared = new Set<string>();
  readonly #accepted = new Set<string>();

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  get storedCount(): number {
    return this.#stored.size;
  }

  get sharedCount(): number {
    return this.#shared.size;
  }

  see(event: ChaosEvent): void {
    switch (event.kind) {
      case "stored":
        this.#stored.set(event.value, event);
        return;
      case "flushed":
        this.#flushed.set(event.producer, event.lastSequence);
        return;
      case "refused":
        this.#findings.add("refused", `${event.producer}: ${event.error}`);
        return;
      case "shared":
        this.#shared.add(placeOf(event));
        if (this.#accepted.has(placeOf(event))) {
          this.#findings.add("shared-again", `${event.member}: ${event.value} ${placeOf(event)}`);
        }
        return;
      case "accepted":
        for (const offset of event.offsets) {
          this.#accepted.add(placeOf({ partition: event.partition, offset }));
        }
        return;
      default:
    }
  }

  /** Whether every record was given to some share consumer. */
  isShared(orders: TopicValues): boolean {
    return orders.every((values, partition) =>
      values.every((_, offset) => this.#shared.has(placeOf({ partition, offset }))),
    );
  }

  /** Looks for what is lost, doubled and out of order. */
  judgeOrders(orders: TopicValues): void {
    const placeOfValue = this.#placesOf(orders);
    for (const [value, place] of this.#stored) {
      const { partition, offset } = place;
      // -1: the broker knew the batch as a duplicate, and had forgotten where it lies.
      const isThere = offset < 0 ? placeOfValue.has(value) : orders[partition]?.[offset] === value;
      if (!isThere) this.#findings.add("lost", `${value} at ${placeOf(place)}`);
    }
    for (const [producer, lastSequence] of this.#flushed) {
      for (let sequence = 0; sequence <= lastSequence; sequence += 1) {
        const value = `${producer}:${sequence}`;
        if (!placeOfValue.has(value)) this.#findings.add("lost", `${value}, flushed`);
      }
    }
  }

  /** Looks for records that a group has not handled or copied, or not as it should. */
  judgeReaders(
    orders: TopicValues,
    copies: Readonly<Record<(typeof protocols)[number], TopicValues>>,
    handling: HandlingJudge,
  ): void {
    for (const protocol of protocols) {
      for (let partition = 0; partition < partitionCount; partition += 1) {
        const values = orders[partition] ?? [];
        const group = `readers-${protocol}`;
        const endOffset = handling.endOf(group, partition);
        if (endOffset < values.length) {
          const count = values.length - endOffset;
          const place = placeOf({ partition, offset: endOffset });
          this.#findings.add("not-handled", `${group}: ${place} and perhaps ${count - 1} others`);
        }
        this.#judgeCopies(protocol, values, copies[protocol][partition] ?? []);
      }
    }
    for (const [partition, values] of orders.entries()) {
      for (const [offset, value] of values.entries()) {
        const place = placeOf({ partition, offset });
        if (!this.#shared.has(place)) this.#findings.add("not-shared", `${value} at ${place}`);
      }
    }
  }

  #placesOf(orders: TopicValues): ReadonlyMap<string, At> {
    const places = new Map<string, At>();
    for (const [partition, values] of orders.entries()) {
      const last = new Map<string, number>();
      for (const [offset, value] of values.entries()) {
        if (value === undefined) continue;
        const place = { partition, offset };
        const other = places.get(value);
        if (other !== undefined) {
          this.#findings.add("duplicate", `${value} at ${placeOf(other)} and ${placeOf(place)}`);
        }
        places.set(value, place);
        const { producer, sequence } = partsOf(value);
        const before = last.get(producer) ?? -1;
        if (sequence < before) {
          this.#findings.add("out-of-order", `${value} at ${placeOf(place)} after ${before}`);
        }
        last.set(producer, sequence);
      }
    }
    return places;
  }

  #judgeCopies(
    protocol: string,
    values: readonly (string | undefined)[],
    copies: readonly (string | undefined)[],
  ): void {
    const sourceOffsets = new Map(values.map((value, offset) => [value, offset]));
    const copied = new Set<string>();
    let last = -1;
    for (const [offset, value] of copies.entries()) {
      if (value === undefined) continue;
      const what = `${protocol}: ${value} at @${offset}`;
      if (copied.has(value)) this.#findings.add("copied-twice", what);
      copied.add(value);
      const sourceOffset = sourceOffsets.get(value) ?? -1;
      if (sourceOffset < last) this.#findings.add("copied-out-of-order", `${what} after @${last}`);
      last = sourceOffset;
    }
    for (const [offset, value] of values.entries()) {
      if (value === undefined || copied.has(value)) continue;
      this.#findings.add("not-copied", `${protocol}: ${value} of @${offset}`);
    }
  }
}

function placeOf({ partition, offset }: At): string {
  return `${partition}@${offset}`;
}
