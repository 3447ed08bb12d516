import { type Refusal } from "../consumer/consumer-requests.ts";
import type { StreamsGroup } from "./streams-group.ts";
import { isReconciledTo, type StreamsMember } from "./streams-member.ts";
import {
  hasNoTasks,
  NO_OWNED_TASKS,
  type OwnedTasks,
  shareTasks,
  sortedEpochTasks,
  sortedTasks,
  type TaskKind,
  taskKinds,
  type Tasks,
  tasksOf,
} from "./tasks.ts";

/** What a member is brought towards, and what it says. */
export interface StreamsReconciliation {
  readonly group: StreamsGroup;
  readonly member: StreamsMember;
  readonly targetEpoch: number;
  readonly target: Tasks;
  /** What the member still runs; null when it does not say. */
  readonly reported: Tasks | null;
}

/**
 * Brings a member as far towards its target assignment as it can go now (KIP-1071):
 *
 * 1. What it has and is not to have it must give up first; until it says that it has, it stays in
 *    its epoch.
 * 2. Then it goes to the target's epoch and gets what is free.
 * 3. What is not free it waits for in that epoch ("unreleased").
 * 4. With nothing left to wait for it is stable.
 *
 * Invariant: an active task is never given to a member while another one has it; and no task is
 * given to a process that has it in another kind.
 * @returns the same object when nothing changes.
 */
export function reconcileStreams(input: StreamsReconciliation): StreamsMember | Refusal {
  const { member, targetEpoch, reported } = input;
  if (isReconciledTo(member, targetEpoch)) return member;
  switch (member.state) {
    case "stable":
    case "unreleased":
      return advance(input, member.memberEpoch);
    case "unrevoked":
      if (reported === null || shareTasks(reported, member.pendingRevocation)) return member;
      return advance(input, member.memberEpoch + 1);
    case "unknown":
      if (reported === null || !hasNoTasks(reported)) {
        return {
          error: "FENCED_MEMBER_EPOCH",
          message:
            "The streams group member is in a unknown state. The member must abandon all its tasks and rejoin.",
        };
      }
      return advance(input, targetEpoch);
  }
}

function advance(input: StreamsReconciliation, memberEpoch: number): StreamsMember {
  const { member, targetEpoch, reported } = input;
  const { kept, revoked } = splitOwned(member.assigned, input.target);
  const previousMemberEpoch = member.memberEpoch;
  const mustRevoke = !hasNoTasks(revoked) && (reported === null || shareTasks(reported, revoked));
  if (mustRevoke) {
    const news = { memberEpoch, previousMemberEpoch, assigned: kept, pendingRevocation: revoked };
    return { ...member, state: "unrevoked", ...news };
  }
  const { assigned, waits } = addFree(input, kept);
  return {
    ...member,
    state: waits ? "unreleased" : "stable",
    memberEpoch: targetEpoch,
    previousMemberEpoch,
    assigned,
    pendingRevocation: NO_OWNED_TASKS,
  };
}

/** What the member has: what it is to keep, and what not. */
function splitOwned(
  owned: OwnedTasks,
  target: Tasks,
): { readonly kept: OwnedTasks; readonly revoked: OwnedTasks } {
  const kept = builder();
  const revoked = builder();
  for (const kind of taskKinds) {
    for (const [subtopologyId, partitions] of tasksOf(owned)[kind]) {
      const wanted = new Set(target[kind].get(subtopologyId));
      for (const partition of partitions) {
        const epoch = owned.active.get(subtopologyId)?.get(partition) ?? 0;
        const place = wanted.has(partition) ? kept : revoked;
        place.add({ kind, subtopologyId, partition, epoch });
      }
    }
  }
  return { kept: kept.build(), revoked: revoked.build() };
}

/** Adds what the member is to have and is free; gives whether anything is not. */
function addFree(
  input: StreamsReconciliation,
  kept: OwnedTasks,
): { readonly assigned: OwnedTasks; readonly waits: boolean } {
  const { target, targetEpoch: epoch } = input;
  const assigned = builder(kept);
  const has = tasksOf(kept);
  let waits = false;
  for (const kind of taskKinds) {
    for (const [subtopologyId, partitions] of target[kind]) {
      const already = new Set(has[kind].get(subtopologyId));
      for (const partition of partitions) {
        if (already.has(partition)) continue;
        if (isFree(input, kind, { subtopologyId, partition })) {
          assigned.add({ kind, subtopologyId, partition, epoch });
        } else waits = true;
      }
    }
  }
  return { assigned: assigned.build(), waits };
}

/**
 * An active task is free when nobody runs it; and since a process keeps its state in one place, any
 * task is free only when the member's process does not have it in another way.
 */
function isFree(
  { group, member }: StreamsReconciliation,
  kind: TaskKind,
  task: { readonly subtopologyId: string; readonly partition: number },
): boolean {
  if (kind === "active" && group.isActive(task.subtopologyId, task.partition)) return false;
  return !group.processHas(member.processId, task);
}

interface OwnedTask {
  readonly kind: TaskKind;
  readonly subtopologyId: string;
  readonly partition: number;
  /** Since when; of active tasks alone. */
  readonly epoch: number;
}

function builder(from: OwnedTasks = NO_OWNED_TASKS) {
  const active = new Map(
    [...from.active].map(([id, partitions]): [string, Map<number, number>] => {
      return [id, new Map(partitions)];
    }),
  );
  const standby = mutable(from.standby);
  const warmup = mutable(from.warmup);
  return {
    add({ kind, subtopologyId, partition, epoch }: OwnedTask): void {
      if (kind === "active") {
        const partitions = active.get(subtopologyId) ?? new Map<number, number>();
        active.set(subtopologyId, partitions.set(partition, epoch));
        return;
      }
      const tasks = kind === "standby" ? standby : warmup;
      const partitions = tasks.get(subtopologyId) ?? new Set<number>();
      tasks.set(subtopologyId, partitions.add(partition));
    },
    build(): OwnedTasks {
      return {
        active: sortedEpochTasks(active),
        standby: sortedTasks(standby),
        warmup: sortedTasks(warmup),
      };
    },
  };
}

function mutable(tasks: Tasks["standby"]): Map<string, Set<number>> {
  return new Map([...tasks].map(([id, partitions]) => [id, new Set(partitions)]));
}
