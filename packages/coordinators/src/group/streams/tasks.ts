/** Tasks of one kind by subtopology: partitions ascending; subtopologies ascending, none empty. */
export type TaskMap = ReadonlyMap<string, readonly number[]>;

/**
 * Active tasks with the member epoch since which each is the member's: a commit with an older epoch
 * comes from before.
 */
export type EpochTaskMap = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** The tasks that a member is to have. */
export interface Tasks {
  readonly active: TaskMap;
  readonly standby: TaskMap;
  readonly warmup: TaskMap;
}

/** The tasks that a member has. */
export interface OwnedTasks {
  readonly active: EpochTaskMap;
  readonly standby: TaskMap;
  readonly warmup: TaskMap;
}

/** The kinds of tasks. */
export type TaskKind = keyof Tasks;

/** All of them. */
export const taskKinds: readonly TaskKind[] = ["active", "standby", "warmup"];

/** Tasks of a subtopology as they stand in requests, answers and records. */
export interface TaskIds {
  readonly subtopologyId: string;
  readonly partitions: readonly number[];
}

/** Tasks of all kinds as they stand in requests, answers and records. */
export interface TaskLists {
  readonly activeTasks: readonly TaskIds[];
  readonly standbyTasks: readonly TaskIds[];
  readonly warmupTasks: readonly TaskIds[];
}

/** No tasks. */
export const NO_TASKS: Tasks = { active: new Map(), standby: new Map(), warmup: new Map() };

/** No tasks. */
export const NO_OWNED_TASKS: OwnedTasks = {
  active: new Map(),
  standby: new Map(),
  warmup: new Map(),
};

/** Reads a list of tasks; what is named twice counts once. */
export function toTaskMap(list: readonly TaskIds[]): TaskMap {
  const found = new Map<string, Set<number>>();
  for (const { subtopologyId, partitions } of list) {
    const known = found.get(subtopologyId) ?? new Set<number>();
    for (const partition of partitions) known.add(partition);
    if (known.size > 0) found.set(subtopologyId, known);
  }
  return sortedTasks(found);
}

/** Puts tasks in order. */
export function sortedTasks(tasks: ReadonlyMap<string, Iterable<number>>): TaskMap {
  const sorted = new Map<string, readonly number[]>();
  for (const [subtopologyId, partitions] of [...tasks].sort(byKey)) {
    sorted.set(subtopologyId, [...partitions].sort(ascending));
  }
  return sorted;
}

/** Puts tasks with epochs in order. */
export function sortedEpochTasks(
  tasks: ReadonlyMap<string, ReadonlyMap<number, number>>,
): EpochTaskMap {
  const sorted = new Map<string, ReadonlyMap<number, number>>();
  for (const [subtopologyId, partitions] of [...tasks].sort(byKey)) {
    sorted.set(subtopologyId, new Map([...partitions].sort(([a], [b]) => a - b)));
  }
  return sorted;
}

/** The tasks without their epochs. */
export function withoutEpochs(tasks: EpochTaskMap): TaskMap {
  return new Map([...tasks].map(([id, partitions]) => [id, [...partitions.keys()]]));
}

/** What a member has, without its epochs. */
export function tasksOf(owned: OwnedTasks): Tasks {
  return { ...owned, active: withoutEpochs(owned.active) };
}

/** The form of requests, answers and records. */
export function toTaskIds(tasks: TaskMap): { subtopologyId: string; partitions: number[] }[] {
  return [...tasks].map(([subtopologyId, partitions]) => ({
    subtopologyId,
    partitions: [...partitions],
  }));
}

/** The form of answers and records. */
export function toTaskLists({ active, standby, warmup }: Tasks) {
  return {
    activeTasks: toTaskIds(active),
    standbyTasks: toTaskIds(standby),
    warmupTasks: toTaskIds(warmup),
  };
}

/** Whether tasks of all kinds are the same. */
export function sameTasks(left: Tasks, right: Tasks): boolean {
  return left === right || taskKinds.every((kind) => sameTaskMap(left[kind], right[kind]));
}

/** Whether a member has the same tasks, since the same epochs. */
export function sameOwnedTasks(left: OwnedTasks, right: OwnedTasks): boolean {
  if (left === right) return true;
  if (!sameTaskMap(left.standby, right.standby)) return false;
  if (!sameTaskMap(left.warmup, right.warmup)) return false;
  if (left.active.size !== right.active.size) return false;
  for (const [subtopologyId, partitions] of left.active) {
    const others = right.active.get(subtopologyId);
    if (others === undefined || others.size !== partitions.size) return false;
    for (const [partition, epoch] of partitions) {
      if (others.get(partition) !== epoch) return false;
    }
  }
  return true;
}

/** Whether there are none. */
export function hasNoTasks(tasks: Tasks | OwnedTasks): boolean {
  return tasks.active.size === 0 && tasks.standby.size === 0 && tasks.warmup.size === 0;
}

/** Whether a task is among some. */
export function hasTask(
  tasks: TaskMap | EpochTaskMap,
  subtopologyId: string,
  partition: number,
): boolean {
  const partitions = tasks.get(subtopologyId);
  if (partitions === undefined) return false;
  return "has" in partitions ? partitions.has(partition) : partitions.includes(partition);
}

/** Whether any task is in both, as the same kind. */
export function shareTasks(left: Tasks, right: OwnedTasks): boolean {
  return taskKinds.some((kind) =>
    [...left[kind]].some(([subtopologyId, partitions]) =>
      partitions.some((partition) => hasTask(right[kind], subtopologyId, partition)),
    ),
  );
}

/** Whether all of some tasks are among others, as the same kind. */
export function containsTasks(all: OwnedTasks, some: Tasks): boolean {
  return taskKinds.every((kind) =>
    [...some[kind]].every(([subtopologyId, partitions]) =>
      partitions.every((partition) => hasTask(all[kind], subtopologyId, partition)),
    ),
  );
}

function sameTaskMap(left: TaskMap, right: TaskMap): boolean {
  if (left === right) return true;
  if (left.size !== right.size) return false;
  for (const [subtopologyId, partitions] of left) {
    const others = right.get(subtopologyId);
    if (others === undefined || others.length !== partitions.length) return false;
    if (partitions.some((partition, index) => partition !== others[index])) return false;
  }
  return true;
}

function byKey([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function ascending(left: number, right: number): number {
  return left - right;
}
