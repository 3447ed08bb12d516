/** What was promised and what is there. */
export interface Verdict {
  readonly readCount: number;
  readonly missing: readonly number[];
  readonly doubled: readonly number[];
  readonly altered: readonly string[];
  /** Partitions in which a record stands before one that was sent earlier. */
  readonly disordered: readonly number[];
}

/** Compares what was read, partition by partition, with what was acknowledged. */
export function verify(
  acknowledged: ReadonlySet<number>,
  partitions: readonly (readonly string[])[],
): Verdict {
  const seen = new Set<number>();
  const doubled: number[] = [];
  const altered: string[] = [];
  const disordered: number[] = [];
  for (const [partition, values] of partitions.entries()) {
    let last = -1;
    for (const value of values) {
      const number = Number(value.slice(0, value.indexOf(":")));
      if (value !== expectedValue(number)) altered.push(value.slice(0, 80));
      if (seen.has(number)) doubled.push(number);
      seen.add(number);
      if (number < last && !disordered.includes(partition)) disordered.push(partition);
      last = number;
    }
  }
  const missing = [...acknowledged].filter((number) => !seen.has(number));
  return { readCount: seen.size, missing, doubled, altered, disordered };
}

/** Whether every promise was kept. */
export function isKept(verdict: Verdict): boolean {
  const { missing, doubled, altered, disordered } = verdict;
  return [missing, doubled, altered, disordered].every((list) => list.length === 0);
}

/** The size of a value is below this; c/producer.c has the same rule. */
const payloadMax = 400;

/** The value that the producer makes of a number. */
export function expectedValue(number: number): string {
  const prefix = `${number}:`;
  // As the producer's unsigned 64-bit arithmetic, which goes beyond a double's integers.
  const spread = (BigInt(number) * 2_654_435_761n) & 0xffff_ffff_ffff_ffffn;
  const fillerSize = Number(spread % BigInt(payloadMax - 40));
  let value = prefix;
  for (let size = prefix.length; size < prefix.length + fillerSize; size += 1) {
    value += String.fromCharCode(97 + ((number + size) % 26));
  }
  return value;
}
