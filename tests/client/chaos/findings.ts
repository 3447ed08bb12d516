/** What may be wrong with a chaos run, with what it means. */
export const findingMeanings = {
  lost: "acknowledged, and it is not where it was said to be",
  duplicate: "one record of an idempotent producer in two places",
  "out-of-order": "a producer's later record lies before an earlier one of the same partition",
  refused: "a record failed though its delivery time-out is far",
  "not-handled": "no member of the group has finished a record",
  "handled-out-of-order": "a handler began with a record of a key before an earlier one was done",
  "handled-unowned": "a handler began with a record of a partition that was taken away",
  "committed-ahead": "the committed offset is past a record that no handler has finished",
  "committed-back": "the committed offset went back",
  "copied-twice": "two committed copies of one record",
  "not-copied": "no committed copy of a record",
  "copied-out-of-order": "a copy lies before that of an earlier record of its partition",
  "not-shared": "no share consumer got a record",
  "shared-again": "a record came again though the broker had taken that it was accepted",
  "ended-loop": "a loop ended with an error though everything that happened is passing",
  zombie: "a member got nothing done after everything was well again, and did not say why",
  "healthy-zombie": "health() found nothing wrong with a member that got nothing done",
  held: "the process did not end when all clients were closed",
  "memory-grows": "memory after a collection grew",
} as const;

/** One of them. */
export type FindingName = keyof typeof findingMeanings;

const examplesMax = 5;

/** Counts what is found, and keeps the first few of each kind for people. */
export class Findings {
  readonly #found = new Map<FindingName, { count: number; readonly examples: string[] }>();

  get isEmpty(): boolean {
    return this.#found.size === 0;
  }

  /** The names of what was found. */
  get names(): readonly FindingName[] {
    return [...this.#found.keys()];
  }

  /** Notes one more. */
  add(name: FindingName, example: string): void {
    const finding = this.#found.get(name) ?? { count: 0, examples: [] };
    this.#found.set(name, finding);
    finding.count += 1;
    if (finding.examples.length < examplesMax) finding.examples.push(example);
  }

  /** One paragraph for each kind. */
  describe(): string {
    return [...this.#found]
      .map(([name, { count, examples }]) => {
        const lines = examples.map((example) => `\n    ${example}`).join("");
        return `${count} ${name} (${findingMeanings[name]})${lines}`;
      })
      .join("\n");
  }
}
