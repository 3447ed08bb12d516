import { type Claim, claimsOf } from "./claims.ts";
import type { GroupEvent } from "./group-event.ts";

/** What is judged of a group. */
export interface GroupRules {
  readonly sessionMs: number;
  /** Classic groups: nobody else has a partition in the same generation. */
  readonly hasGenerations: boolean;
  /** What clocks of different clients may differ in: some tell whole milliseconds. */
  readonly toleranceMs: number;
}

/** What is wrong with one group; all lists are empty when nothing is. */
export interface GroupVerdict {
  /** Partitions with two owners at one time. */
  readonly sharedAtATime: readonly string[];
  /** Partitions with two owners in one generation. */
  readonly sharedInAGeneration: readonly string[];
  /** Committed offsets that went back. */
  readonly wentBack: readonly string[];
  /** So that nobody takes silence for health. */
  readonly claimCount: number;
  readonly generationCount: number;
  readonly commitCount: number;
}

/** Judges what the members of one group said, in the order of time. */
export function judgeGroup(events: readonly GroupEvent[], rules: GroupRules): GroupVerdict {
  const claims = claimsOf(events, rules.sessionMs);
  const generations = rules.hasGenerations ? ownersOfGenerations(events) : noGenerations;
  const commits = checkCommits(events);
  return {
    sharedAtATime: overlaps(claims, rules.toleranceMs),
    sharedInAGeneration: generations.shared,
    wentBack: commits.wentBack,
    claimCount: claims.length,
    generationCount: generations.count,
    commitCount: commits.count,
  };
}

/** Whether nothing is wrong. */
export function isGood(verdict: GroupVerdict): boolean {
  const { sharedAtATime, sharedInAGeneration, wentBack } = verdict;
  return [sharedAtATime, sharedInAGeneration, wentBack].every((list) => list.length === 0);
}

const noGenerations = { shared: [] as readonly string[], count: 0 };

function ownersOfGenerations(events: readonly GroupEvent[]): {
  readonly shared: readonly string[];
  readonly count: number;
} {
  const shared: string[] = [];
  const owners = new Map<string, string>();
  const generations = new Set<number>();
  for (const event of events) {
    if (event.kind !== "assigned" || event.generation <= 0) continue;
    generations.add(event.generation);
    for (const partition of event.held) {
      const key = `partition ${partition} in generation ${event.generation}`;
      const other = owners.get(key);
      owners.set(key, event.member);
      if (other === undefined || other === event.member) continue;
      shared.push(`${key}: ${other} and ${event.member}`);
    }
  }
  return { shared, count: generations.size };
}

function overlaps(claims: readonly Claim[], toleranceMs: number): readonly string[] {
  const found: string[] = [];
  const sorted = claims.toSorted((left, right) => left.fromMs - right.fromMs);
  /** For each partition the claim that lasts longest of those that began. */
  const longest = new Map<number, Claim>();
  for (const claim of sorted) {
    const other = longest.get(claim.partition);
    if (other !== undefined && other.member !== claim.member) {
      const sharedMs = Math.min(other.endMs, claim.endMs) - claim.fromMs;
      if (sharedMs > toleranceMs) found.push(describeOverlap(other, claim));
    }
    if (other === undefined || claim.endMs > other.endMs) longest.set(claim.partition, claim);
  }
  return found;
}

function describeOverlap(first: Claim, second: Claim): string {
  const end = (claim: Claim) => (claim.endMs === Infinity ? "now" : claim.endMs.toFixed(1));
  const claims = [first, second].map((claim) => {
    return `${claim.member} from ${claim.fromMs.toFixed(1)} to ${end(claim)}`;
  });
  return `partition ${first.partition}: ${claims.join(", ")}`;
}

function checkCommits(events: readonly GroupEvent[]): {
  readonly wentBack: readonly string[];
  readonly count: number;
} {
  const wentBack: string[] = [];
  const highest = new Map<number, number>();
  let count = 0;
  for (const event of events) {
    if (event.kind !== "committed") continue;
    count += 1;
    const before = highest.get(event.partition) ?? -1;
    if (event.offset < before) {
      wentBack.push(`partition ${event.partition}: from ${before} to ${event.offset}`);
    }
    highest.set(event.partition, event.offset);
  }
  return { wentBack, count };
}
