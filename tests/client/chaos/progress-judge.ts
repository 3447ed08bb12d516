import type { ChaosEvent } from "./events.ts";
import type { Findings } from "./findings.ts";

/** After the last disturbance a member may take so long to get something done. */
export const recoveryMsMax = 15_000;

/** `health` may find nothing wrong for so long while nothing gets done: a fetch may take 10 s. */
const unnoticedMsMax = 13_000;

/** A member, as its own events tell. */
interface MemberState {
  readonly name: string;
  /** When it last got something done, or had nothing to do. */
  lastProgressMs: number;
  /** Since when health finds nothing wrong; undefined: it does. */
  healthySinceMs: number | undefined;
  partitions: readonly number[];
  hasThrown: boolean;
  isToldHealthy: boolean;
}

/** Judges whether members get on, and whether their health tells when they do not. */
export class ProgressJudge {
  readonly #findings: Findings;
  readonly #members = new Map<string, MemberState>();
  /** Records come without a pause as long as producers work and get answers. */
  #lastStoredMs = 0;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  see(event: ChaosEvent): void {
    const { atMs } = event;
    if (event.kind === "stored") {
      this.#noteStored(atMs);
      return;
    }
    if (event.kind === "left") this.#members.delete(event.member);
    if (event.kind === "joined") this.#members.set(event.member, joined(event.member, atMs));
    const member = "member" in event ? this.#members.get(event.member) : undefined;
    if (member === undefined) return;
    switch (event.kind) {
      case "finished":
      case "copied":
      case "shared":
      case "assigned":
        member.lastProgressMs = atMs;
        member.isToldHealthy = false;
        return;
      case "threw":
        member.hasThrown ||= event.what === "loop";
        member.lastProgressMs = atMs;
        return;
      case "health":
        return this.#seeHealth(member, event);
      default:
    }
  }

  /** The members that have done nothing since, though they have something to do. */
  waitingSince(sinceMs: number): readonly string[] {
    return [...this.#members.values()]
      .filter(({ name, partitions, lastProgressMs, hasThrown }) => {
        const isOwner = partitions.length > 0 || name.startsWith("shares");
        return isOwner && !hasThrown && lastProgressMs < sinceMs;
      })
      .map(({ name }) => name);
  }

  /** Nothing was stored for some time: then nobody can get on either. */
  #noteStored(atMs: number): void {
    if (atMs - this.#lastStoredMs > 1_000) {
      for (const member of this.#members.values()) {
        member.lastProgressMs = Math.max(member.lastProgressMs, atMs);
      }
    }
    this.#lastStoredMs = atMs;
  }

  #seeHealth(member: MemberState, event: ChaosEvent & { readonly kind: "health" }): void {
    const { atMs, isHealthy, partitions } = event;
    if (partitions.length === 0) member.lastProgressMs = atMs;
    member.partitions = partitions;
    member.healthySinceMs = isHealthy ? (member.healthySinceMs ?? atMs) : undefined;
    const idleMs = atMs - Math.max(member.lastProgressMs, member.healthySinceMs ?? atMs);
    // While nothing is stored there is nothing to do.
    if (atMs - this.#lastStoredMs > 1_000 || idleMs < unnoticedMsMax || member.isToldHealthy) {
      return;
    }
    member.isToldHealthy = true;
    this.#findings.add("healthy-zombie", `${member.name}: nothing done in ${idleMs} ms`);
  }
}

function joined(name: string, atMs: number): MemberState {
  return {
    name,
    lastProgressMs: atMs,
    healthySinceMs: undefined,
    partitions: [],
    hasThrown: false,
    isToldHealthy: false,
  };
}
