interface Standing {
  readonly epoch: number;
  readonly owned: number;
}

/**
 * Tells when a group is stable: all members are in one epoch or generation, and own all partitions
 * between them in equal shares. An epoch alone says little: members that came since the last target
 * was worked out wait in its epoch for the next one.
 */
export class Stability {
  readonly #partitionCount: number;
  readonly #members = new Map<string, Standing>();
  readonly #membersOfEpoch = new Map<number, number>();
  #memberCount: number;
  #owned = 0;
  /** Members that own more than an equal share. */
  #greedy = 0;
  #waiters: (() => void)[] = [];

  constructor(memberCount: number, partitionCount: number) {
    this.#memberCount = memberCount;
    this.#partitionCount = partitionCount;
  }

  /** Stable is from now on what so many members make. */
  expect(memberCount: number): void {
    this.#memberCount = memberCount;
    this.#greedy = [...this.#members.values()].filter((one) => this.#isGreedy(one)).length;
  }

  /** Notes where a member stands. */
  update(memberId: string, epoch: number, owned: number): void {
    this.remove(memberId);
    const standing = { epoch, owned };
    this.#members.set(memberId, standing);
    if (this.#isGreedy(standing)) this.#greedy += 1;
    this.#membersOfEpoch.set(epoch, (this.#membersOfEpoch.get(epoch) ?? 0) + 1);
    this.#owned += owned;
    if (!this.#isStable(epoch)) return;
    for (const tell of this.#waiters.splice(0)) tell();
  }

  /** Forgets a member. */
  remove(memberId: string): void {
    const known = this.#members.get(memberId);
    if (known === undefined) return;
    this.#members.delete(memberId);
    this.#owned -= known.owned;
    if (this.#isGreedy(known)) this.#greedy -= 1;
    const left = (this.#membersOfEpoch.get(known.epoch) ?? 0) - 1;
    if (left > 0) this.#membersOfEpoch.set(known.epoch, left);
    else this.#membersOfEpoch.delete(known.epoch);
  }

  /** Resolves when the group is stable the next time. */
  reached(timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(this.#story())), timeoutMs);
      this.#waiters.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #isGreedy({ owned }: Standing): boolean {
    return owned > Math.ceil(this.#partitionCount / this.#memberCount);
  }

  #isStable(epoch: number): boolean {
    return (
      this.#greedy === 0 &&
      this.#membersOfEpoch.get(epoch) === this.#memberCount &&
      this.#owned === this.#partitionCount
    );
  }

  #story(): string {
    const epochs = [...this.#membersOfEpoch].map(([epoch, count]) => `${count} in ${epoch}`);
    return `not stable in time: ${this.#owned} of ${this.#partitionCount} partitions; ${epochs.join(", ")}`;
  }
}
