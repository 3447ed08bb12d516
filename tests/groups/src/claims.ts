import type { GroupEvent } from "./group-event.ts";

/** The time in which a member was right to think that a partition is its own. */
export interface Claim {
  readonly member: string;
  readonly partition: number;
  readonly fromMs: number;
  /** Infinity while it goes on. */
  readonly endMs: number;
}

/**
 * Works out the claims of a group's members from what they said, in the order of time.
 *
 * A claim ends when the member gives the partition back, learns that it is lost, or is killed. It
 * also lapses when no heartbeat that was sent in the last `sessionMs` had been answered: the
 * coordinator may have given the partition away by then, and not earlier, since it counts from
 * when it received the heartbeat. A member that never tells of heartbeats has no lapse; when it was
 * stopped, nothing that it says counts until a session after it went on.
 */
export function claimsOf(events: readonly GroupEvent[], sessionMs: number): readonly Claim[] {
  const members = new Map<string, MemberClaims>();
  for (const event of events) {
    const member = members.get(event.member) ?? new MemberClaims(event.member, sessionMs);
    members.set(event.member, member);
    member.take(event);
  }
  return [...members.values()].flatMap((member) => member.claims());
}

class MemberClaims {
  readonly #member: string;
  readonly #sessionMs: number;
  readonly #ended: Claim[] = [];
  readonly #fromMs = new Map<number, number>();
  /** What it has lapses then; undefined for a member that never told of a heartbeat. */
  #leaseEndMs: number | undefined;
  /** What it says before is of a time in which it could not know. */
  #trustedFromMs = 0;
  #isGone = false;

  constructor(member: string, sessionMs: number) {
    this.#member = member;
    this.#sessionMs = sessionMs;
  }

  take(event: GroupEvent): void {
    if (this.#isGone) return;
    const isLapsed = this.#lapse(event.atMs);
    switch (event.kind) {
      case "assigned":
        // The answer that said so came late: by now somebody else may have been told the same.
        if (isLapsed || event.atMs < this.#trustedFromMs) return;
        this.#begin(event.partitions, event.atMs);
        return;
      case "revoked":
      case "lost":
        this.#end(event.partitions, event.atMs);
        return;
      case "heartbeat":
        this.#leaseEndMs = Math.max(this.#leaseEndMs ?? 0, event.sentAtMs + this.#sessionMs);
        return;
      case "gone":
      case "held":
        this.#endAll(event.atMs);
        this.#trustedFromMs = Infinity;
        this.#isGone = event.kind === "gone";
        return;
      case "resumed":
        // Its next heartbeats tell it whether it is still a member.
        this.#trustedFromMs = event.atMs + this.#sessionMs;
        return;
      default:
        return;
    }
  }

  claims(): readonly Claim[] {
    const open = [...this.#fromMs].map(([partition, fromMs]) => {
      return { member: this.#member, partition, fromMs, endMs: this.#leaseEndMs ?? Infinity };
    });
    return [...this.#ended, ...open];
  }

  /** Ends what has lapsed by now; whether it has. */
  #lapse(nowMs: number): boolean {
    if (this.#leaseEndMs === undefined || nowMs <= this.#leaseEndMs) return false;
    this.#endAll(this.#leaseEndMs);
    return true;
  }

  #begin(partitions: readonly number[], atMs: number): void {
    for (const partition of partitions) {
      if (!this.#fromMs.has(partition)) this.#fromMs.set(partition, atMs);
    }
  }

  #end(partitions: Iterable<number>, atMs: number): void {
    for (const partition of partitions) {
      const fromMs = this.#fromMs.get(partition);
      // One that lapsed is over already.
      if (fromMs === undefined) continue;
      this.#fromMs.delete(partition);
      this.#ended.push({ member: this.#member, partition, fromMs, endMs: atMs });
    }
  }

  #endAll(atMs: number): void {
    this.#end(this.#fromMs.keys(), atMs);
  }
}
