import { SizeHeap } from "../../consumer/assignors/size-heap.ts";
import type { ConfiguredSubtopology } from "../configured-topology.ts";
import { NO_TASKS, sortedTasks, type TaskMap, type Tasks } from "../tasks.ts";
import { MemberLoad, ProcessLoad, type Task } from "./process-load.ts";

/** A member that is to get tasks. */
export interface StreamsMemberToAssign {
  readonly memberId: string;
  readonly processId: string;
  /** Its target until now: it keeps what balance lets it keep. */
  readonly target: Tasks;
}

/** What is to be given out. */
export interface TasksToAssign {
  readonly members: readonly StreamsMemberToAssign[];
  /** By id, ascending. */
  readonly subtopologies: ReadonlyMap<string, ConfiguredSubtopology>;
  readonly standbyReplicas: number;
}

/**
 * Gives every task to one member as its active task, and standby copies of those with state to
 * other processes, as Apache Kafka's sticky assignor does:
 *
 * 1. A task stays with the member that had it, then goes to one that had a copy of it, as long as
 *    that member has less than its share.
 * 2. What is left goes to the least loaded member of the least loaded process, in ranges.
 * 3. Copies go likewise, first to who had the task or its copy, never twice to one process; where
 *    there are too few processes there are fewer copies.
 */
export function assignSticky(input: TasksToAssign): ReadonlyMap<string, Tasks> {
  const distribution = new Distribution(input);
  distribution.giveActive(allTasks(input, () => true));
  if (input.standbyReplicas > 0) {
    distribution.giveStandby(allTasks(input, ({ isStateful }) => isStateful));
  }
  return distribution.result();
}

function allTasks(
  { subtopologies }: TasksToAssign,
  isWanted: (subtopology: ConfiguredSubtopology) => boolean,
): Task[] {
  const tasks: Task[] = [];
  for (const [subtopologyId, subtopology] of subtopologies) {
    if (!isWanted(subtopology)) continue;
    for (let partition = 0; partition < subtopology.taskCount; partition++) {
      tasks.push(toTask(subtopologyId, partition));
    }
  }
  return tasks;
}

function toTask(subtopologyId: string, partition: number): Task {
  return { subtopologyId, partition, key: `${partition}/${subtopologyId}` };
}

/**
 * What a member may get until all have as much: the share shrinks as members reach it, so that a
 * remainder is spread and not heaped on the first.
 */
class Share {
  #tasksLeft: number;
  #membersLeft: number;
  #perMember: number;

  constructor(tasks: number, members: number) {
    this.#tasksLeft = tasks;
    this.#membersLeft = members;
    this.#perMember = this.#divide();
  }

  isOpenTo(member: MemberLoad): boolean {
    return member.size < this.#perMember;
  }

  /** A member has one task more. */
  count(member: MemberLoad): void {
    if (member.size !== this.#perMember) return;
    this.#membersLeft--;
    this.#tasksLeft -= member.size;
    this.#perMember = this.#divide();
  }

  #divide(): number {
    return this.#membersLeft <= 0 ? 0 : Math.ceil(this.#tasksLeft / this.#membersLeft);
  }
}

class Distribution {
  readonly #members: MemberLoad[] = [];
  readonly #processes = new Map<string, ProcessLoad>();
  readonly #hadActive = new Map<string, MemberLoad>();
  readonly #hadStandby = new Map<string, MemberLoad[]>();
  readonly #standbyReplicas: number;
  readonly #activeShare: Share;
  readonly #totalShare: Share;

  constructor({ members, subtopologies, standbyReplicas }: TasksToAssign) {
    this.#standbyReplicas = standbyReplicas;
    let active = 0;
    let total = 0;
    for (const { taskCount, isStateful } of subtopologies.values()) {
      active += taskCount;
      total += taskCount * (isStateful ? 1 + standbyReplicas : 1);
    }
    this.#activeShare = new Share(active, members.length);
    this.#totalShare = new Share(total, members.length);
    for (const member of members) this.#addMember(member);
  }

  #addMember({ memberId, processId, target }: StreamsMemberToAssign): void {
    const process = this.#processes.get(processId) ?? new ProcessLoad();
    this.#processes.set(processId, process);
    const member = new MemberLoad(memberId, process);
    process.members.push(member);
    this.#members.push(member);
    for (const { key } of tasksIn(target.active)) this.#hadActive.set(key, member);
    for (const { key } of tasksIn(target.standby)) {
      const holders = this.#hadStandby.get(key) ?? [];
      this.#hadStandby.set(key, holders);
      holders.push(member);
    }
  }

  giveActive(tasks: Task[]): void {
    // Tasks of the same partition were given out together: they are kept together.
    let left = tasks.sort(byPartition);
    left = left.filter((task) => !this.#giveActiveTo(this.#hadActive.get(task.key), task));
    left = left.filter((task) => !this.#giveActiveTo(this.#leastLoadedHolder(task), task));
    const processes = new SizeHeap([...this.#processes.values()], "smallest");
    for (const task of left.sort(bySubtopology)) {
      const process = processes.pop();
      const member = process?.giveLeastLoaded("active", task);
      if (process === undefined || member === undefined) return;
      this.#activeShare.count(member);
      this.#totalShare.count(member);
      processes.push(process);
    }
  }

  giveStandby(tasks: Task[]): void {
    const left: { readonly task: Task; readonly copies: number }[] = [];
    for (const task of tasks.sort(byPartition).reverse()) {
      let copies = this.#standbyReplicas;
      while (copies > 0 && this.#giveStandbyAgain(task)) copies--;
      if (copies > 0) left.push({ task, copies });
    }
    left.sort((one, other) => bySubtopology(other.task, one.task));
    const processes = new SizeHeap([...this.#processes.values()], "smallest");
    for (const { task, copies } of left) {
      for (let copy = 0; copy < copies; copy++) {
        if (!this.#giveStandbyAnywhere(processes, task)) break;
      }
    }
  }

  result(): ReadonlyMap<string, Tasks> {
    return new Map(
      this.#members.map(({ memberId, active, standby }) => [
        memberId,
        { ...NO_TASKS, active: mapOf(active), standby: mapOf(standby) },
      ]),
    );
  }

  #giveActiveTo(member: MemberLoad | undefined, task: Task): boolean {
    if (member === undefined || !this.#activeShare.isOpenTo(member)) return false;
    member.process.give(member, "active", task);
    this.#activeShare.count(member);
    this.#totalShare.count(member);
    return true;
  }

  #giveStandbyAgain(task: Task): boolean {
    for (const member of [this.#hadActive.get(task.key), this.#leastLoadedHolder(task, true)]) {
      if (member === undefined || member.process.has(task)) continue;
      if (!this.#totalShare.isOpenTo(member)) continue;
      member.process.give(member, "standby", task);
      this.#totalShare.count(member);
      return true;
    }
    return false;
  }

  #giveStandbyAnywhere(processes: SizeHeap<ProcessLoad>, task: Task): boolean {
    const passedOver: ProcessLoad[] = [];
    let process = processes.pop();
    while (process?.has(task) === true) {
      passedOver.push(process);
      process = processes.pop();
    }
    const member = process?.giveLeastLoaded("standby", task);
    if (member !== undefined) this.#totalShare.count(member);
    if (process !== undefined) passedOver.push(process);
    for (const one of passedOver) processes.push(one);
    return member !== undefined;
  }

  /** Who had a copy of a task and has the least to do; not a process that has the task already. */
  #leastLoadedHolder(task: Task, isCopy = false): MemberLoad | undefined {
    let best: MemberLoad | undefined;
    for (const member of this.#hadStandby.get(task.key) ?? []) {
      if (isCopy && member.process.has(task)) continue;
      if (best === undefined || isLessLoaded(member, best)) best = member;
    }
    return best;
  }
}

function isLessLoaded(left: MemberLoad, right: MemberLoad): boolean {
  return left.process.size < right.process.size && left.size < right.size;
}

function* tasksIn(tasks: TaskMap): IterableIterator<Task> {
  for (const [subtopologyId, partitions] of tasks) {
    for (const partition of partitions) yield toTask(subtopologyId, partition);
  }
}

function mapOf(tasks: readonly Task[]): TaskMap {
  const bySubtopologyId = new Map<string, number[]>();
  for (const { subtopologyId, partition } of tasks) {
    const partitions = bySubtopologyId.get(subtopologyId) ?? [];
    bySubtopologyId.set(subtopologyId, partitions);
    partitions.push(partition);
  }
  return sortedTasks(bySubtopologyId);
}

function byPartition(left: Task, right: Task): number {
  return left.partition - right.partition || compareIds(left, right);
}

function bySubtopology(left: Task, right: Task): number {
  return compareIds(left, right) || left.partition - right.partition;
}

function compareIds({ subtopologyId: left }: Task, { subtopologyId: right }: Task): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
