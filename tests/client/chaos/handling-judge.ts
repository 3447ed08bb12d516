import { type At, type ChaosEvent, groupOf, keyOf } from "./events.ts";
import type { Findings } from "./findings.ts";

type Handled = At & { readonly member: string; readonly value: string };

/** What a group has finished of a partition. */
interface Finished {
  /** Everything before it is finished. */
  endOffset: number;
  readonly beyond: Set<number>;
}

/** What a member does with a key at this moment. */
interface KeyState {
  lastOffset: number;
  runningCount: number;
}

/** Judges what handlers did, and what was committed of it, as it happens. */
export class HandlingJudge {
  finishedCount = 0;
  readonly #findings: Findings;
  readonly #finished = new Map<string, Finished>();
  readonly #committed = new Map<string, number>();
  readonly #owned = new Map<string, Set<number>>();
  /** By member, partition and key. */
  readonly #keys = new Map<string, Map<string, KeyState>>();

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  see(event: ChaosEvent): void {
    switch (event.kind) {
      case "assigned":
        return this.#assigned(event.member, event.partitions);
      case "revoked":
      case "lost":
        return this.#gone(event.member, event.partitions);
      case "begun":
        return this.#begun(event);
      case "finished":
        return this.#finishedOne(event);
      case "committed":
        return this.#committedTo(event.group, event);
      default:
    }
  }

  /** Everything before it is finished by the group. */
  endOf(group: string, partition: number): number {
    return this.#finished.get(`${group} ${partition}`)?.endOffset ?? 0;
  }

  #assigned(member: string, partitions: readonly number[]): void {
    const owned = this.#owned.get(member) ?? new Set();
    this.#owned.set(member, owned);
    for (const partition of partitions) {
      owned.add(partition);
      this.#keys.set(`${member} ${partition}`, new Map());
    }
  }

  #gone(member: string, partitions: readonly number[]): void {
    const owned = this.#owned.get(member);
    for (const partition of partitions) {
      owned?.delete(partition);
      this.#keys.delete(`${member} ${partition}`);
    }
  }

  #begun(event: Handled): void {
    const { member, partition, offset, value } = event;
    const what = `${member}: ${value} at ${partition}@${offset}`;
    const keys = this.#keys.get(`${member} ${partition}`);
    if (keys === undefined) {
      this.#findings.add("handled-unowned", what);
      return;
    }
    const key = keyOf(value);
    const state = keys.get(key) ?? { lastOffset: -1, runningCount: 0 };
    keys.set(key, state);
    if (state.runningCount > 0 || offset <= state.lastOffset) {
      const before = state.runningCount > 0 ? "during" : "after";
      this.#findings.add("handled-out-of-order", `${what}, ${before} @${state.lastOffset}`);
    }
    state.lastOffset = offset;
    state.runningCount += 1;
  }

  #finishedOne(event: Handled): void {
    const { member, partition, offset, value } = event;
    const state = this.#keys.get(`${member} ${partition}`)?.get(keyOf(value));
    // What was begun before the partition went and came again is not counted any more.
    if (state?.lastOffset === offset) state.runningCount = 0;
    const name = `${groupOf(member)} ${partition}`;
    const finished = this.#finished.get(name) ?? { endOffset: 0, beyond: new Set() };
    this.#finished.set(name, finished);
    this.finishedCount += 1;
    if (offset < finished.endOffset) return;
    finished.beyond.add(offset);
    while (finished.beyond.delete(finished.endOffset)) finished.endOffset += 1;
  }

  #committedTo(group: string, { partition, offset }: At): void {
    const name = `${group} ${partition}`;
    const before = this.#committed.get(name) ?? 0;
    if (offset < before) this.#findings.add("committed-back", `${name}: ${before} to ${offset}`);
    this.#committed.set(name, Math.max(before, offset));
    if (!group.startsWith("readers")) return;
    const endOffset = this.endOf(group, partition);
    if (offset <= endOffset) return;
    this.#findings.add("committed-ahead", `${name}: ${offset}, not finished: ${endOffset}`);
  }
}
