import type { ErrorName } from "@millrace/protocol";

/** DescribeGroups: what a classic group is like. */
export interface DescribeGroupInput {
  readonly kind: "describe-group";
  readonly groupId: string;
}

/** The answer to DescribeGroups, for one group. */
export interface DescribeGroupReply {
  readonly kind: "describe-group";
  readonly error: ErrorName;
  /** As Kafka spells it: "Stable", "PreparingRebalance", "Dead" … */
  readonly state: string;
  readonly protocolType: string;
  readonly protocolName: string;
  readonly members: readonly DescribedMember[];
}

/** A member as DescribeGroups shows it. */
export interface DescribedMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly metadata: Uint8Array;
  readonly assignment: Uint8Array;
}

/** ListGroups: the groups of this shard, by state and type. */
export interface ListGroupsInput {
  readonly kind: "list-groups";
  /** Lower-case names of states; empty for any. */
  readonly states: ReadonlySet<string>;
  /** Lower-case names of types; empty for any. */
  readonly types: ReadonlySet<string>;
}

/** The answer to ListGroups. */
export interface ListGroupsReply {
  readonly kind: "list-groups";
  readonly error: ErrorName;
  readonly groups: readonly ListedGroup[];
}

/** A group in a list. */
export interface ListedGroup {
  readonly groupId: string;
  readonly protocolType: string;
  readonly state: string;
  readonly type: string;
}

/** DeleteGroups: remove a group without members, with its offsets. */
export interface DeleteGroupInput {
  readonly kind: "delete-group";
  readonly groupId: string;
}

/** The answer to DeleteGroups, for one group. */
export interface DeleteGroupReply {
  readonly kind: "delete-group";
  readonly error: ErrorName;
}

/** Topics were deleted: nobody needs the offsets in them any more. */
export interface TopicsDeletedInput {
  readonly kind: "topics-deleted";
  readonly topics: ReadonlySet<string>;
}

/** The time has come to look for what expired. */
export interface CleanUpInput {
  readonly kind: "clean-up";
}
