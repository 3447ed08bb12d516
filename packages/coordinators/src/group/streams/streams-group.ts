import type { ConfiguredTopology } from "./configured-topology.ts";
import { isReconciledTo, type StreamsMember } from "./streams-member.ts";
import { TaskOwners } from "./task-owners.ts";
import { NO_TASKS, taskKinds, type Tasks } from "./tasks.ts";
import type { StreamsTopology } from "./topology.ts";

/** A streams group's state as Kafka spells it; it follows from everything else. */
export type StreamsGroupStateName = "Empty" | "NotReady" | "Assigning" | "Reconciling" | "Stable";

/** What is known of a group but not in its log: a new coordinator finds it out anew. */
export interface StreamsSoftState {
  /** The topology with its topics; undefined until a heartbeat has compared it with the cluster. */
  readonly configured: ConfiguredTopology | undefined;
  /** The version of the topics that `metadataHash` was last compared with. */
  readonly checkedTopicsVersion: number;
  /** The member that asked for the application to stop. */
  readonly shutdownRequestedBy: string | undefined;
  /** Grows when a member with an endpoint gets other tasks. */
  readonly endpointInformationEpoch: number;
  /** The group is new, and waits for further members before it gives tasks out. */
  readonly isDelayed: boolean;
}

/** Kafka's groups begin at 1, so that the epoch of a first assignment is never that of joining. */
const FIRST_EPOCH = 1;
const NOT_VALIDATED = -1;

/**
 * A group of the streams protocol (KIP-1071). Owned by its shard; changed by applying records, and
 * by changes to its soft state. Invariant: every index agrees with the members it is made from.
 */
export class StreamsGroup {
  readonly kind = "streams";
  readonly groupId: string;
  /** Grows whenever the target assignment has to be worked out anew. */
  epoch = FIRST_EPOCH;
  metadataHash = 0n;
  /** The epoch of the topology whose topics were all there; -1 while some are not. */
  validatedTopologyEpoch = NOT_VALIDATED;
  /** What the last assignment was worked out with: configuration by name. */
  lastAssignmentConfigs: ReadonlyMap<string, string> = new Map();
  /** The epoch that the target assignment was worked out for. */
  targetEpoch = FIRST_EPOCH;
  /** When it was; 0 for never. */
  targetTimestampMs = 0;
  topology: StreamsTopology | undefined;
  soft: StreamsSoftState = {
    configured: undefined,
    checkedTopicsVersion: -1,
    shutdownRequestedBy: undefined,
    endpointInformationEpoch: 0,
    isDelayed: false,
  };
  readonly #members = new Map<string, StreamsMember>();
  readonly #targets = new Map<string, Tasks>();
  readonly #owners = {
    active: new TaskOwners(),
    standby: new TaskOwners(),
    warmup: new TaskOwners(),
  };

  constructor(groupId: string) {
    this.groupId = groupId;
  }

  get members(): ReadonlyMap<string, StreamsMember> {
    return this.#members;
  }

  get targets(): ReadonlyMap<string, Tasks> {
    return this.#targets;
  }

  /** What the group is doing. */
  get state(): StreamsGroupStateName {
    if (this.#members.size === 0) return "Empty";
    if (this.topology?.epoch !== this.validatedTopologyEpoch) return "NotReady";
    if (this.epoch > this.targetEpoch) return "Assigning";
    for (const member of this.#members.values()) {
      if (!isReconciledTo(member, this.targetEpoch)) return "Reconciling";
    }
    return "Stable";
  }

  target(memberId: string): Tasks {
    return this.#targets.get(memberId) ?? NO_TASKS;
  }

  /** Whether anybody runs an active task or has still to give it up. */
  isActive(subtopologyId: string, partition: number): boolean {
    return this.#owners.active.has(subtopologyId, partition);
  }

  /** Whether a process has a task, as whatever kind, or has still to give it up. */
  processHas(
    processId: string,
    task: { readonly subtopologyId: string; readonly partition: number },
  ): boolean {
    for (const kind of taskKinds) {
      for (const memberId of this.#owners[kind].of(task.subtopologyId, task.partition)) {
        if (this.#members.get(memberId)?.processId === processId) return true;
      }
    }
    return false;
  }

  setMember(member: StreamsMember): void {
    this.#forget(this.#members.get(member.memberId));
    this.#members.set(member.memberId, member);
    for (const tasks of [member.assigned, member.pendingRevocation]) {
      this.#owners.active.add(tasks.active, member.memberId);
      this.#owners.standby.add(tasks.standby, member.memberId);
      this.#owners.warmup.add(tasks.warmup, member.memberId);
    }
  }

  removeMember(memberId: string): void {
    this.#forget(this.#members.get(memberId));
    this.#members.delete(memberId);
    // Who comes into an empty group begins anew.
    if (this.#members.size === 0) this.soft = { ...this.soft, shutdownRequestedBy: undefined };
  }

  setTarget(memberId: string, target: Tasks): void {
    this.#targets.set(memberId, target);
  }

  removeTarget(memberId: string): void {
    this.#targets.delete(memberId);
  }

  /** Changes what is not in the log. */
  setSoft(news: Partial<StreamsSoftState>): void {
    const shutdownRequestedBy =
      this.#members.size === 0
        ? undefined
        : (this.soft.shutdownRequestedBy ?? news.shutdownRequestedBy);
    this.soft = { ...this.soft, ...news, shutdownRequestedBy };
  }

  #forget(member: StreamsMember | undefined): void {
    if (member === undefined) return;
    for (const tasks of [member.assigned, member.pendingRevocation]) {
      this.#owners.active.remove(tasks.active, member.memberId);
      this.#owners.standby.remove(tasks.standby, member.memberId);
      this.#owners.warmup.remove(tasks.warmup, member.memberId);
    }
  }
}
