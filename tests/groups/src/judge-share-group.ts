import type { Acknowledged, Acquired, GroupEvent } from "./group-event.ts";

/** What is judged of a share group. */
export interface ShareRules {
  readonly lockMs: number;
  readonly deliveryCountMax: number;
}

/** What is wrong with a share group; all lists are empty when nothing is. */
export interface ShareVerdict {
  readonly heldByTwo: readonly string[];
  readonly deliveredTooOften: readonly string[];
  /** Delivered though the broker had said before that it is accepted or rejected. */
  readonly deliveredAfterDone: readonly string[];
  /** Given up by the group though nobody saw it, or nobody finished it and attempts were left. */
  readonly forgotten: readonly string[];
  readonly wentBack: readonly string[];
  /** So that nobody takes silence for health. */
  readonly recordCount: number;
  readonly deliveryCount: number;
  readonly redeliveredCount: number;
}

/** Clocks of client and broker reckon a lock from different moments. */
const lockMarginMs = 1000;

/**
 * A delivery may be lost with its connection, so that nobody says that he got it; so many of one
 * record in a row are not believed.
 */
const unseenDeliveriesMax = 3;

/** Judges what members of one share group said, in the order of time, after all was done. */
export function judgeShareGroup(events: readonly GroupEvent[], rules: ShareRules): ShareVerdict {
  const judge = new ShareJudge(rules);
  for (const event of events) judge.take(event);
  return judge.verdict();
}

interface RecordFacts {
  /** Whose it is, as far as that is sure. */
  holder: { readonly member: string; readonly claim: number; readonly endMs: number } | undefined;
  highestCount: number;
  /** Somebody accepted or rejected it, whether the broker knows or not. */
  wasFinished: boolean;
  /** The broker knows. */
  isDone: boolean;
}

interface MemberFacts {
  /** Grows whenever all that it has may be somebody else's. */
  claim: number;
  /** That of its last acknowledgement. */
  askedClaim: number;
  /** What it says that it has before may have been another's by then. */
  trustedFromMs: number;
}

class ShareJudge {
  readonly #rules: ShareRules;
  readonly #records = new Map<string, RecordFacts>();
  readonly #members = new Map<string, MemberFacts>();
  readonly #ends = new Map<number, number>();
  readonly #starts = new Map<number, number>();
  readonly #heldByTwo: string[] = [];
  readonly #deliveredTooOften: string[] = [];
  readonly #deliveredAfterDone: string[] = [];
  readonly #wentBack: string[] = [];
  #deliveryCount = 0;
  #redeliveredCount = 0;

  constructor(rules: ShareRules) {
    this.#rules = rules;
  }

  take(event: GroupEvent): void {
    const member = this.#memberOf(event.member);
    switch (event.kind) {
      case "acquired":
        for (const [index, offset] of event.offsets.entries()) {
          this.#acquire(event, member, { offset, count: event.counts[index] ?? 0 });
        }
        return;
      case "acknowledging":
      case "acknowledged":
        this.#acknowledge(event, member);
        return;
      case "dropped":
        member.claim += 1;
        return;
      case "gone":
      case "standing":
        member.claim += 1;
        member.trustedFromMs = Infinity;
        return;
      case "going":
        member.trustedFromMs = event.atMs + this.#rules.lockMs;
        return;
      case "produced":
        this.#ends.set(event.partition, event.offset);
        return;
      case "committed":
        this.#commit(event.partition, event.offset);
        return;
      default:
        return;
    }
  }

  verdict(): ShareVerdict {
    return {
      heldByTwo: this.#heldByTwo,
      deliveredTooOften: this.#deliveredTooOften,
      deliveredAfterDone: this.#deliveredAfterDone,
      forgotten: this.#forgotten(),
      wentBack: this.#wentBack,
      recordCount: this.#records.size,
      deliveryCount: this.#deliveryCount,
      redeliveredCount: this.#redeliveredCount,
    };
  }

  #memberOf(name: string): MemberFacts {
    const known = this.#members.get(name) ?? { claim: 0, askedClaim: 0, trustedFromMs: 0 };
    this.#members.set(name, known);
    return known;
  }

  #recordOf(name: string): RecordFacts {
    const made = { holder: undefined, highestCount: 0, wasFinished: false, isDone: false };
    const known = this.#records.get(name) ?? made;
    this.#records.set(name, known);
    return known;
  }

  #acquire(
    event: Acquired & GroupEvent,
    facts: MemberFacts,
    { offset, count }: { readonly offset: number; readonly count: number },
  ): void {
    const { member, atMs } = event;
    const name = `${event.partition}@${offset}`;
    const record = this.#recordOf(name);
    this.#deliveryCount += 1;
    if (count > 1) this.#redeliveredCount += 1;
    if (count > this.#rules.deliveryCountMax) {
      this.#deliveredTooOften.push(`${name} to ${member} for the ${count}th time`);
    }
    const isTrusted = atMs >= facts.trustedFromMs;
    // Whoever stood still may tell late what it got before.
    if (record.isDone && isTrusted)
      this.#deliveredAfterDone.push(`${name} to ${member} at ${atMs}`);
    const { holder } = record;
    const isHeld = holder !== undefined && holder.endMs > atMs && this.#isCurrent(holder);
    if (isHeld && holder.member !== member) {
      this.#heldByTwo.push(`${name} by ${holder.member} and from ${atMs} by ${member}`);
    }
    record.highestCount = Math.max(record.highestCount, count);
    const endMs = event.deadlineMs - lockMarginMs;
    record.holder = isTrusted ? { member, claim: facts.claim, endMs } : undefined;
  }

  #isCurrent(holder: { readonly member: string; readonly claim: number }): boolean {
    return this.#memberOf(holder.member).claim === holder.claim;
  }

  #acknowledge(event: Acknowledged & GroupEvent, member: MemberFacts): void {
    // A client that is closed or lost its connection calls what it never heard of done.
    const isHeard = event.atMs >= member.trustedFromMs && member.claim === member.askedClaim;
    if (event.kind === "acknowledging") member.askedClaim = member.claim;
    for (const offset of event.released) this.#letGo(event, offset);
    for (const offset of event.offsets) {
      const record = this.#letGo(event, offset);
      record.wasFinished = true;
      if (event.kind === "acknowledged" && isHeard) record.isDone = true;
    }
  }

  #letGo({ partition, member }: Acknowledged & GroupEvent, offset: number): RecordFacts {
    const record = this.#recordOf(`${partition}@${offset}`);
    if (record.holder?.member === member) record.holder = undefined;
    return record;
  }

  #commit(partition: number, offset: number): void {
    const before = this.#starts.get(partition) ?? 0;
    if (offset < before) this.#wentBack.push(`partition ${partition}: from ${before} to ${offset}`);
    this.#starts.set(partition, offset);
  }

  /** Judges the records that the broker calls done: all of them. */
  #forgotten(): readonly string[] {
    const found: string[] = [];
    for (const [partition, endOffset] of this.#ends) {
      for (let offset = 0; offset < endOffset; offset += 1) {
        const why = this.#whyForgotten(partition, offset);
        if (why !== undefined) found.push(`${partition}@${offset} ${why}`);
      }
    }
    return found;
  }

  #whyForgotten(partition: number, offset: number): string | undefined {
    const record = this.#records.get(`${partition}@${offset}`);
    if (record === undefined) return "was never delivered";
    if (record.wasFinished) return undefined;
    const attemptsLeft = this.#rules.deliveryCountMax - record.highestCount;
    if (attemptsLeft <= unseenDeliveriesMax) return undefined;
    return `was given up after ${record.highestCount} deliveries`;
  }
}
