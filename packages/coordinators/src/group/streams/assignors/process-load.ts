import { SizeHeap } from "../../consumer/assignors/size-heap.ts";

/** A task, by which an assignor tells one from another. */
export interface Task {
  readonly subtopologyId: string;
  readonly partition: number;
  /** The same for the same task, and for no other. */
  readonly key: string;
}

/** A member while tasks are given out. */
export class MemberLoad {
  readonly memberId: string;
  readonly process: ProcessLoad;
  readonly active: Task[] = [];
  readonly standby: Task[] = [];

  constructor(memberId: string, process: ProcessLoad) {
    this.memberId = memberId;
    this.process = process;
  }

  /** How many tasks it has. */
  get size(): number {
    return this.active.length + this.standby.length;
  }
}

/** A process with its members while tasks are given out: no task is given to it twice. */
export class ProcessLoad {
  readonly members: MemberLoad[] = [];
  readonly #taskKeys = new Set<string>();
  #byLoad: SizeHeap<MemberLoad> | undefined;
  #taskCount = 0;

  /** Tasks a member, on average. */
  get size(): number {
    return this.#taskCount / this.members.length;
  }

  has(task: Task): boolean {
    return this.#taskKeys.has(task.key);
  }

  /** Gives a task to a member of this process. */
  give(member: MemberLoad, kind: "active" | "standby", task: Task): void {
    member[kind].push(task);
    this.#taskCount++;
    this.#taskKeys.add(task.key);
    this.#byLoad?.push(member);
  }

  /** Gives a task to the member that has the fewest. */
  giveLeastLoaded(kind: "active" | "standby", task: Task): MemberLoad | undefined {
    this.#byLoad ??= new SizeHeap(this.members, "smallest");
    const member = this.#byLoad.pop();
    if (member !== undefined) this.give(member, kind, task);
    return member;
  }
}
