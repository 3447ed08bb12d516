import { toTopicPartitions } from "../consumer/assignment.ts";
import type { Refusal } from "../consumer/consumer-requests.ts";
import type { Group } from "../group-state.ts";
import { knownShareGroup } from "./share-draft.ts";
import type { ShareDescribeReply } from "./share-requests.ts";

/** The one assignor of share groups, as clients are told of it. */
const ASSIGNOR = "simple";

/** Describes a share group. */
export function describeShareGroup(groupId: string, group: Group | undefined): ShareDescribeReply {
  const known = knownShareGroup(groupId, group);
  if ("error" in known) return notDescribedShareGroup(known);
  return {
    kind: "share-describe",
    error: "NONE",
    message: null,
    state: known.state,
    groupEpoch: known.epoch,
    assignmentEpoch: known.targetEpoch,
    assignor: ASSIGNOR,
    members: [...known.members.values()].map((member) => ({
      memberId: member.memberId,
      rackId: member.rackId,
      memberEpoch: member.memberEpoch,
      clientId: member.clientId,
      clientHost: member.clientHost,
      subscribedTopicNames: member.subscribedTopicNames,
      assignment: toTopicPartitions(member.assigned),
    })),
  };
}

/** The answer about a group that is not described. */
export function notDescribedShareGroup(
  refusal: Pick<Refusal, "error"> & { readonly message: string | null },
): ShareDescribeReply {
  return {
    kind: "share-describe",
    ...refusal,
    state: "",
    groupEpoch: 0,
    assignmentEpoch: 0,
    assignor: "",
    members: [],
  };
}
