/** A record as a consumer found it. */
export interface FoundRecord {
  readonly number: number;
  readonly partition: number;
  readonly offset: number;
  /** Its bytes are those that its number stands for. */
  readonly isWhole: boolean;
}

/** What is wrong with what a consumer found. The lists hold the first few, for people. */
export interface Verdict {
  readonly foundCount: number;
  readonly acknowledgedCount: number;
  /** Found without an acknowledgement, which is right: the answer was lost with the broker. */
  readonly unacknowledgedCount: number;
  readonly missing: Anomaly;
  readonly doubled: Anomaly;
  readonly altered: Anomaly;
  /** Acknowledged at one offset and found at another. */
  readonly moved: Anomaly;
  /** Found behind a record that was sent after it. */
  readonly disordered: Anomaly;
}

/** How often something was wrong, with examples. */
export interface Anomaly {
  readonly count: number;
  readonly examples: readonly string[];
}

const examplesMax = 5;

/** Records what was acknowledged, by the numbers of the records, which are sent in order. */
export class History {
  readonly #partitions: number[] = [];
  readonly #offsets: number[] = [];
  readonly #order: number[] = [];
  #acknowledgedCount = 0;

  /** How many acknowledgements came so far. */
  get acknowledgedCount(): number {
    return this.#acknowledgedCount;
  }

  /** Notes an acknowledgement. */
  acknowledge(number: number, partition: number, offset: number): void {
    this.#partitions[number] = partition;
    this.#offsets[number] = offset;
    this.#order[number] = this.#acknowledgedCount;
    this.#acknowledgedCount += 1;
  }

  /**
   * Judges all records of all partitions, read from start to end after `acknowledgedCount`
   * acknowledgements had come: each of these must be there once, whole, in its place.
   */
  async judge(
    records: AsyncIterable<FoundRecord> | Iterable<FoundRecord>,
    acknowledgedCount: number,
  ): Promise<Verdict> {
    const judgement = new Judgement();
    for await (const record of records) {
      const { number, partition, offset } = record;
      judgement.take(record);
      const acknowledgedAt = this.#offsets[number];
      if (acknowledgedAt === undefined) {
        judgement.unacknowledgedCount += 1;
      } else if (acknowledgedAt !== offset || this.#partitions[number] !== partition) {
        const was = `${this.#partitions[number]}@${acknowledgedAt}`;
        judgement.moved.add(`${describe(record)}, acknowledged at ${was}`);
      }
    }
    for (const [number, order] of this.#order.entries()) {
      if (order === undefined || order >= acknowledgedCount || judgement.hasFound(number)) continue;
      const place = `${this.#partitions[number]}@${this.#offsets[number]}`;
      judgement.missing.add(`record ${number}, acknowledged at ${place}`);
    }
    return judgement.verdict(acknowledgedCount);
  }
}

/** Whether nothing is wrong. */
export function isGood(verdict: Verdict): boolean {
  const { missing, doubled, altered, moved, disordered } = verdict;
  return [missing, doubled, altered, moved, disordered].every(({ count }) => count === 0);
}

/** A verdict in one line, and a line for each example of what is wrong. */
export function describeVerdict(verdict: Verdict): string {
  const { foundCount, acknowledgedCount, unacknowledgedCount } = verdict;
  const kinds = ["missing", "doubled", "altered", "moved", "disordered"] as const;
  const anomalies = kinds.map((kind) => `${verdict[kind].count} ${kind}`).join(", ");
  const examples = kinds.flatMap((kind) =>
    verdict[kind].examples.map((example) => `\n  ${kind}: ${example}`),
  );
  return (
    `${acknowledgedCount} records acknowledged, ${foundCount} found ` +
    `(${unacknowledgedCount} of them without an acknowledgement): ${anomalies}${examples.join("")}`
  );
}

class Judgement {
  readonly missing = new AnomalyCount();
  readonly moved = new AnomalyCount();
  unacknowledgedCount = 0;
  readonly #doubled = new AnomalyCount();
  readonly #altered = new AnomalyCount();
  readonly #disordered = new AnomalyCount();
  readonly #isFound: boolean[] = [];
  readonly #newest: number[] = [];
  #foundCount = 0;

  hasFound(number: number): boolean {
    return this.#isFound[number] === true;
  }

  take(record: FoundRecord): void {
    const { number, partition, isWhole } = record;
    this.#foundCount += 1;
    if (!isWhole) this.#altered.add(describe(record));
    if (this.hasFound(number)) this.#doubled.add(describe(record));
    this.#isFound[number] = true;
    const newest = this.#newest[partition] ?? -1;
    if (number < newest) this.#disordered.add(`${describe(record)}, behind record ${newest}`);
    this.#newest[partition] = Math.max(newest, number);
  }

  verdict(acknowledgedCount: number): Verdict {
    return {
      foundCount: this.#foundCount,
      acknowledgedCount,
      unacknowledgedCount: this.unacknowledgedCount,
      missing: this.missing,
      doubled: this.#doubled,
      altered: this.#altered,
      moved: this.moved,
      disordered: this.#disordered,
    };
  }
}

class AnomalyCount implements Anomaly {
  count = 0;
  readonly examples: string[] = [];

  add(example: string): void {
    this.count += 1;
    if (this.examples.length < examplesMax) this.examples.push(example);
  }
}

function describe(record: FoundRecord): string {
  return `record ${record.number} at ${record.partition}@${record.offset}`;
}
