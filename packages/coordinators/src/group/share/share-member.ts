import type {
  MessageOf,
  ShareGroupCurrentMemberAssignmentValue,
  ShareGroupMemberMetadataValue,
} from "@millrace/protocol";
import {
  type Assignment,
  fromTopicPartitions,
  NOTHING_ASSIGNED,
  sameAssignment,
  toTopicPartitions,
} from "../consumer/assignment.ts";
import { sameNames, sortedNames } from "../consumer/consumer-member.ts";

/** The member epoch with which a member leaves, and of one whose assignment is gone. */
export const SHARE_LEAVING_EPOCH = -1;

/** The one state of a share group's member in records: it gives nothing up before it goes on. */
const STABLE = 0;

/** A member of a share group. Never changed: a decision makes a new one. */
export interface ShareMember {
  readonly memberId: string;
  readonly rackId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  /** Ascending, each once. */
  readonly subscribedTopicNames: readonly string[];
  readonly memberEpoch: number;
  readonly previousMemberEpoch: number;
  /** Other members may have the same partitions. */
  readonly assigned: Assignment;
}

/** A member that has said nothing yet. */
export function newShareMember(memberId: string): ShareMember {
  return {
    memberId,
    rackId: null,
    clientId: "",
    clientHost: "",
    subscribedTopicNames: [],
    memberEpoch: 0,
    previousMemberEpoch: 0,
    assigned: NOTHING_ASSIGNED,
  };
}

/** Whether what members tell of themselves is the same: their record need not be written again. */
export function sameShareMetadata(left: ShareMember, right: ShareMember): boolean {
  return (
    left.rackId === right.rackId &&
    left.clientId === right.clientId &&
    left.clientHost === right.clientHost &&
    sameNames(left.subscribedTopicNames, right.subscribedTopicNames)
  );
}

/** Whether members have come as far as each other: their assignment need not be written again. */
export function sameShareProgress(left: ShareMember, right: ShareMember): boolean {
  return (
    left.memberEpoch === right.memberEpoch &&
    left.previousMemberEpoch === right.previousMemberEpoch &&
    sameAssignment(left.assigned, right.assigned)
  );
}

type MetadataValue = MessageOf<typeof ShareGroupMemberMetadataValue>;
type AssignmentValue = MessageOf<typeof ShareGroupCurrentMemberAssignmentValue>;

/** The value of a member's metadata record. */
export function shareMetadataToRecord(member: ShareMember): MetadataValue {
  const { rackId, clientId, clientHost, subscribedTopicNames } = member;
  return { rackId, clientId, clientHost, subscribedTopicNames: [...subscribedTopicNames] };
}

/** A member after its metadata record. */
export function withShareMetadata(member: ShareMember, value: MetadataValue): ShareMember {
  const subscribedTopicNames = sortedNames(value.subscribedTopicNames);
  return { ...member, ...value, subscribedTopicNames };
}

/** The value of the record of a member's current assignment. */
export function shareAssignmentToRecord(member: ShareMember): AssignmentValue {
  const { memberEpoch, previousMemberEpoch, assigned } = member;
  const assignedPartitions = toTopicPartitions(assigned).map(({ topicId, partitions }) => {
    return { topicId, partitions: [...partitions] };
  });
  return { memberEpoch, previousMemberEpoch, state: STABLE, assignedPartitions };
}

/** A member after the record of its current assignment. */
export function withShareAssignment(member: ShareMember, value: AssignmentValue): ShareMember {
  const { memberEpoch, previousMemberEpoch, assignedPartitions } = value;
  const assigned = fromTopicPartitions(assignedPartitions);
  return { ...member, memberEpoch, previousMemberEpoch, assigned };
}
