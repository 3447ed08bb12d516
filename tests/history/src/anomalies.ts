/**
 * What may be wrong with a history, with what it means. The names are Jepsen's where it has one.
 */
export const anomalyMeanings = {
  "lost-write": "acknowledged or committed, and nobody sees it though others see past it",
  duplicate: "one record in two places",
  "inconsistent-offset": "two records in one place",
  "phantom-record": "seen and never sent",
  "aborted-read": "seen though its transaction was aborted (G1a)",
  "torn-transaction": "some records of a transaction are seen and others are not",
  "poll-skip": "a client's next poll passes over a record that is there",
  "internal-poll-skip": "a poll passes over a record that is there",
  "nonmonotonic-poll": "a client's next poll goes back",
  "internal-nonmonotonic-poll": "a poll goes back",
  "nonmonotonic-send": "a client's next write lies before the one it wrote earlier",
  "internal-nonmonotonic-send": "a record lies before one that was sent earlier in its transaction",
  "offset-regression": "a group's committed offset goes back",
  "copied-twice": "two committed copies of one record",
  "not-copied": "no committed copy of a record though all was said to be copied",
  "copied-out-of-order": "a copy lies before a copy of an earlier record of the same partition",
} as const;

/** One of them. */
export type AnomalyName = keyof typeof anomalyMeanings;

/** How often something was wrong, and the first few for people. */
export interface Anomaly {
  readonly count: number;
  readonly examples: readonly string[];
}

const examplesMax = 5;

/** Counts what is found. */
export class Findings {
  readonly #found = new Map<AnomalyName, { count: number; examples: string[] }>();

  /** What was found, by name; nothing when all is well. */
  get found(): ReadonlyMap<AnomalyName, Anomaly> {
    return this.#found;
  }

  /** Notes one more. */
  add(name: AnomalyName, example: string): void {
    const anomaly = this.#found.get(name) ?? { count: 0, examples: [] };
    this.#found.set(name, anomaly);
    anomaly.count += 1;
    if (anomaly.examples.length < examplesMax) anomaly.examples.push(example);
  }
}
