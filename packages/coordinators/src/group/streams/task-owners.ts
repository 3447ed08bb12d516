import type { EpochTaskMap, TaskMap } from "./tasks.ts";

/** Which members have each task of one kind. */
export class TaskOwners {
  readonly #owners = new Map<string, Map<number, Set<string>>>();

  /** The members that have a task. */
  of(subtopologyId: string, partition: number): Iterable<string> {
    return this.#owners.get(subtopologyId)?.get(partition) ?? [];
  }

  /** Whether any member has a task. */
  has(subtopologyId: string, partition: number): boolean {
    return this.#owners.get(subtopologyId)?.has(partition) === true;
  }

  add(tasks: TaskMap | EpochTaskMap, memberId: string): void {
    for (const [subtopologyId, partitions] of tasks) {
      const owners = this.#owners.get(subtopologyId) ?? new Map<number, Set<string>>();
      this.#owners.set(subtopologyId, owners);
      for (const partition of partitionsIn(partitions)) {
        const members = owners.get(partition) ?? new Set<string>();
        owners.set(partition, members.add(memberId));
      }
    }
  }

  remove(tasks: TaskMap | EpochTaskMap, memberId: string): void {
    for (const [subtopologyId, partitions] of tasks) {
      const owners = this.#owners.get(subtopologyId);
      if (owners === undefined) continue;
      for (const partition of partitionsIn(partitions)) {
        const members = owners.get(partition);
        members?.delete(memberId);
        if (members?.size === 0) owners.delete(partition);
      }
      if (owners.size === 0) this.#owners.delete(subtopologyId);
    }
  }
}

function partitionsIn(
  partitions: readonly number[] | ReadonlyMap<number, number>,
): Iterable<number> {
  return "has" in partitions ? partitions.keys() : partitions;
}
