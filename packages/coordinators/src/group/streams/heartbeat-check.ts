import { type Refusal } from "../consumer/consumer-requests.ts";
import { LEAVING_EPOCH } from "./streams-member.ts";
import type { StreamsHeartbeatInput } from "./streams-requests.ts";
import type { TopologyValue } from "./topology.ts";

/** Of a static member that is away; such members are refused before this is looked at. */
const STATIC_MEMBER_AWAY_EPOCH = -2;

/** Whether a heartbeat makes sense by itself; undefined when it does. */
export function checkStreamsHeartbeat(input: StreamsHeartbeatInput): Refusal | undefined {
  return (
    checkUnsupported(input) ??
    checkNames(input) ??
    (input.memberEpoch === 0 ? checkJoin(input) : checkEpoch(input)) ??
    checkTasks(input)
  );
}

/** What Apache Kafka 4.3 does not support yet, in its words. */
function checkUnsupported(input: StreamsHeartbeatInput): Refusal | undefined {
  if (input.instanceId !== null) return invalid("Static membership is not yet supported.");
  if (input.taskOffsets !== null) return invalid("TaskOffsets are not supported yet.");
  if (input.taskEndOffsets !== null) return invalid("TaskEndOffsets are not supported yet.");
  if ((input.warmupTasks ?? []).length > 0) return invalid("WarmupTasks are not supported yet.");
  const subtopologies = input.topology?.subtopologies ?? [];
  return subtopologies.some(({ sourceTopicRegex }) => sourceTopicRegex.length > 0)
    ? invalid("Regular expressions for source topics are not supported yet.")
    : undefined;
}

function checkNames(input: StreamsHeartbeatInput): Refusal | undefined {
  if (isBlank(input.memberId)) return invalid("MemberId can't be empty.");
  if (isBlank(input.groupId)) return invalid("GroupId can't be empty.");
  return isBlank(input.rackId) ? invalid("RackId can't be empty.") : undefined;
}

function checkJoin(input: StreamsHeartbeatInput): Refusal | undefined {
  if (input.rebalanceTimeoutMs === -1) {
    return invalid("RebalanceTimeoutMs must be provided in first request.");
  }
  const when = "must be empty when (re-)joining.";
  if (!isNothing(input.activeTasks)) return invalid(`ActiveTasks ${when}`);
  if (!isNothing(input.standbyTasks)) return invalid(`StandbyTasks ${when}`);
  if (!isNothing(input.warmupTasks)) return invalid(`WarmupTasks ${when}`);
  if (input.topology === null) return invalid("Topology must be non-null when (re-)joining.");
  return checkTopology(input.topology);
}

function checkEpoch({ memberEpoch, topology }: StreamsHeartbeatInput): Refusal | undefined {
  if (memberEpoch === STATIC_MEMBER_AWAY_EPOCH) return invalid("InstanceId can't be null.");
  if (memberEpoch < LEAVING_EPOCH) {
    return invalid(`MemberEpoch is ${memberEpoch}, but must be greater than or equal to -2.`);
  }
  return topology === null
    ? undefined
    : invalid("Topology can only be provided when (re-)joining.");
}

function checkTopology({ epoch, subtopologies }: TopologyValue): Refusal | undefined {
  if (epoch < 0) return invalidTopology("Topology epoch must be non-negative.");
  const ids = new Set(subtopologies.map(({ subtopologyId }) => subtopologyId));
  if (ids.size < subtopologies.length) {
    return invalidTopology("A subtopology id is used more than once.");
  }
  for (const { stateChangelogTopics, repartitionSourceTopics } of subtopologies) {
    const counted = stateChangelogTopics.find(({ partitions }) => partitions !== 0);
    if (counted !== undefined) {
      return invalidTopology(
        `Changelog topic ${counted.name} must have an undefined partition count, but it is set to ${counted.partitions}.`,
      );
    }
    const negative = repartitionSourceTopics.find(({ partitions }) => partitions < 0);
    if (negative !== undefined) {
      return invalidTopology(`Repartition topic ${negative.name} has a negative partition count.`);
    }
  }
  return undefined;
}

function checkTasks(input: StreamsHeartbeatInput): Refusal | undefined {
  const { activeTasks, standbyTasks, warmupTasks } = input;
  const given = [activeTasks, standbyTasks, warmupTasks].filter((tasks) => tasks !== null);
  return given.length === 0 || given.length === 3
    ? undefined
    : invalid("If one task-type is non-null, all must be non-null.");
}

function isNothing(tasks: readonly unknown[] | null): boolean {
  return tasks === null || tasks.length === 0;
}

function isBlank(text: string | null): boolean {
  return text !== null && text.trim() === "";
}

function invalid(message: string): Refusal {
  return { error: "INVALID_REQUEST", message };
}

/** A topology that no cluster can run. */
export function invalidTopology(message: string): Refusal {
  return { error: "STREAMS_INVALID_TOPOLOGY", message };
}
