import type { Group } from "../group-state.ts";
import type { StreamsGroup } from "./streams-group.ts";
import type {
  DescribedSubtopology,
  DescribedTopology,
  StreamsDescribeReply,
} from "./streams-requests.ts";
import { tasksOf, toTaskLists } from "./tasks.ts";
import type { InternalTopicInfo, Subtopology } from "./topology.ts";

/** Describes a streams group. */
export function describeStreamsGroup(
  groupId: string,
  group: Group | undefined,
): StreamsDescribeReply {
  if (group === undefined) return notDescribed(`Group ${groupId} not found.`);
  if (group.kind !== "streams") return notDescribed(`Group ${groupId} is not a streams group.`);
  return {
    kind: "streams-describe",
    error: "NONE",
    message: null,
    state: group.state,
    groupEpoch: group.epoch,
    assignmentEpoch: group.targetEpoch,
    topology: describeTopology(group),
    members: [...group.members.values()].map((member) => ({
      memberId: member.memberId,
      memberEpoch: member.memberEpoch,
      instanceId: member.instanceId,
      rackId: member.rackId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      topologyEpoch: member.topologyEpoch,
      processId: member.processId,
      userEndpoint: member.userEndpoint,
      clientTags: member.clientTags,
      assignment: toTaskLists(tasksOf(member.assigned)),
      targetAssignment: toTaskLists(group.target(member.memberId)),
    })),
  };
}

function describeTopology({ topology, soft }: StreamsGroup): DescribedTopology | null {
  if (topology === undefined) return null;
  const { configured } = soft;
  const isReady = configured !== undefined && configured.status === undefined;
  const subtopologies = isReady
    ? [...configured.subtopologies.values()].map(({ value }) => value)
    : [...topology.value.subtopologies].sort((left, right) =>
        compare(left.subtopologyId, right.subtopologyId),
      );
  return { epoch: topology.epoch, subtopologies: subtopologies.map(describeSubtopology) };
}

function describeSubtopology(subtopology: Subtopology): DescribedSubtopology {
  const { subtopologyId, sourceTopics, repartitionSinkTopics } = subtopology;
  return {
    subtopologyId,
    sourceTopics: [...sourceTopics].sort(),
    repartitionSinkTopics: [...repartitionSinkTopics].sort(),
    repartitionSourceTopics: sorted(subtopology.repartitionSourceTopics),
    stateChangelogTopics: sorted(subtopology.stateChangelogTopics),
  };
}

function sorted(infos: readonly InternalTopicInfo[]): readonly InternalTopicInfo[] {
  return [...infos].sort((left, right) => compare(left.name, right.name));
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function notDescribed(message: string): StreamsDescribeReply {
  return {
    kind: "streams-describe",
    error: "GROUP_ID_NOT_FOUND",
    message,
    state: "",
    groupEpoch: 0,
    assignmentEpoch: 0,
    topology: null,
    members: [],
  };
}
