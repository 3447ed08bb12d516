import type { ClassicGroupDescription } from "../admin/groups/describe-groups.ts";

/** A group as kafkajs describes it. */
export interface GroupDescription {
  readonly groupId: string;
  readonly members: readonly {
    readonly clientHost: string;
    readonly clientId: string;
    readonly memberId: string;
    readonly memberAssignment: Buffer;
    readonly memberMetadata: Buffer;
  }[];
  readonly protocol: string;
  readonly protocolType: string;
  readonly state: string;
}

/** Gives a description in kafkajs's shape. */
export function groupDescription(group: ClassicGroupDescription): GroupDescription {
  return {
    groupId: group.groupId,
    members: group.members.map(({ clientId, memberId, host, metadata, assignment }) => ({
      clientHost: host,
      clientId,
      memberId,
      memberMetadata: metadata,
      memberAssignment: assignment,
    })),
    protocol: group.protocolData,
    protocolType: group.protocol,
    state: group.state,
  };
}
