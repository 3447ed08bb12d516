import type { Uuid } from "@millrace/protocol";
import type { Assignment } from "../assignment.ts";

/** What an assignor works with. */
export interface GroupToAssign {
  readonly members: readonly MemberToAssign[];
  /** Every member subscribes to the same topics. */
  readonly isUniform: boolean;
  /** Partitions of each topic that anybody subscribes to. */
  readonly partitionCounts: ReadonlyMap<Uuid, number>;
  /** Whether a member has this partition in its target so far. */
  isTargeted(topicId: Uuid, partition: number): boolean;
}

/** A member as an assignor sees it. */
export interface MemberToAssign {
  readonly memberId: string;
  readonly instanceId: string | null;
  /** Topics that exist, each once. */
  readonly topicIds: readonly Uuid[];
  /** Its target so far. */
  readonly target: Assignment;
}

/** Shares the partitions of a group's topics out among its members: member id → partitions. */
export type Assignor = (group: GroupToAssign) => ReadonlyMap<string, Assignment>;
