import type { Member } from "./members.ts";

/** What may happen to a member, besides joining. */
export interface TormentCounts {
  joined: number;
  left: number;
  killed: number;
  paused: number;
}

interface Slot {
  /** Undefined while nobody is there. */
  member: Member | undefined;
  /** When it goes on, if it stands still. */
  resumeAtMs: number | undefined;
  lives: number;
}

/** Pauses are shorter and longer than sessions. */
const pauseMsMin = 300;
const pauseMsMax = 9000;

/** The members of one group, each in a slot of its own, and what happens to them. */
export class Torment {
  readonly counts: TormentCounts = { joined: 0, left: 0, killed: 0, paused: 0 };
  readonly #slots: readonly Slot[];
  readonly #join: (slot: number, life: number) => Member;
  readonly #random: () => number;

  constructor(given: {
    readonly slotCount: number;
    readonly join: (slot: number, life: number) => Member;
    readonly random: () => number;
  }) {
    this.#join = given.join;
    this.#random = given.random;
    this.#slots = Array.from({ length: given.slotCount }, () => {
      return { member: undefined, resumeAtMs: undefined, lives: 0 };
    });
  }

  /** The names of those that are there. */
  get members(): readonly string[] {
    return this.#slots.flatMap(({ member }) => (member === undefined ? [] : [member.name]));
  }

  /** Lets those go on whose time has come, and does one thing to one slot. */
  step(nowMs: number): void {
    for (const slot of this.#slots) {
      if (slot.resumeAtMs !== undefined && nowMs >= slot.resumeAtMs) resume(slot);
    }
    const index = Math.floor(this.#random() * this.#slots.length);
    const slot = this.#slots[index];
    if (slot === undefined) return;
    if (slot.member === undefined) this.#fill(index);
    else if (slot.resumeAtMs === undefined) this.#harm(slot, slot.member, nowMs);
  }

  /** Fills every slot and lets everybody go on; `only` names the slots, all when not given. */
  settle(only: (slot: number) => boolean = () => true): void {
    for (const [index, slot] of this.#slots.entries()) {
      if (!only(index)) continue;
      resume(slot);
      if (slot.member === undefined) this.#fill(index);
    }
  }

  #fill(index: number): void {
    const slot = this.#slots[index];
    if (slot === undefined) return;
    slot.lives += 1;
    slot.member = this.#join(index, slot.lives);
    this.counts.joined += 1;
  }

  #harm(slot: Slot, member: Member, nowMs: number): void {
    const chance = this.#random();
    if (chance < 0.4) {
      member.pause();
      slot.resumeAtMs = nowMs + pauseMsMin + this.#random() * (pauseMsMax - pauseMsMin);
      this.counts.paused += 1;
    } else if (chance < 0.7) {
      member.kill();
      slot.member = undefined;
      this.counts.killed += 1;
    } else {
      member.leave();
      slot.member = undefined;
      this.counts.left += 1;
    }
  }
}

function resume(slot: Slot): void {
  if (slot.resumeAtMs !== undefined) slot.member?.resume();
  slot.resumeAtMs = undefined;
}
