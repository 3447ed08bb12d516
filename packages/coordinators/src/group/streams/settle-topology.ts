import { type Refusal } from "../consumer/consumer-requests.ts";
import { configureTopology, type ConfiguredTopology } from "./configured-topology.ts";
import { invalidTopology } from "./heartbeat-check.ts";
import type { StreamsDraft } from "./streams-draft.ts";
import type { StreamsHeartbeatInput } from "./streams-requests.ts";
import type { TaskIds } from "./tasks.ts";
import { StreamsTopology } from "./topology.ts";

/** The topology that a group works by, brought together with the topics of the cluster. */
export interface SettledTopology {
  readonly topologyEpoch: number;
  readonly configured: ConfiguredTopology;
  readonly metadataHash: bigint;
  /** The topology's epoch once its topics are all there; -1 before. */
  readonly validatedTopologyEpoch: number;
}

const NOT_VALIDATED = -1;

/**
 * Takes down the topology of a group's first member, compares that of others with it, and looks
 * whether the cluster has the topics that it needs, if the cluster has changed since.
 */
export function settleTopology(
  draft: StreamsDraft,
  input: StreamsHeartbeatInput,
): SettledTopology | Refusal {
  const topology = topologyOf(draft, input);
  if ("error" in topology) return topology;
  const settled = configure(draft, topology);
  if ("error" in settled) return settled;
  const { configured, metadataHash } = settled;
  const isReady = configured.status === undefined;
  const unknown = isReady ? unknownTask(configured, input) : undefined;
  if (unknown !== undefined) return unknown;
  const validatedTopologyEpoch = isReady ? topology.epoch : NOT_VALIDATED;
  return { topologyEpoch: topology.epoch, configured, metadataHash, validatedTopologyEpoch };
}

function topologyOf(
  draft: StreamsDraft,
  { topology: value }: StreamsHeartbeatInput,
): StreamsTopology | Refusal {
  const { group } = draft;
  const known = group.topology;
  if (value === null) {
    return known ?? { error: "UNKNOWN_SERVER_ERROR", message: "The group has no topology." };
  }
  const told = new StreamsTopology(value);
  if (known === undefined) {
    draft.write({ kind: "streams-topology", groupId: group.groupId, value });
    return told;
  }
  if (known.epoch > told.epoch || known.equals(told)) return known;
  return { error: "INVALID_REQUEST", message: "Topology updates are not supported yet." };
}

function configure(
  draft: StreamsDraft,
  topology: StreamsTopology,
): Pick<SettledTopology, "configured" | "metadataHash"> | Refusal {
  const { group, environment } = draft;
  const { topics, hashes } = environment;
  const { configured: known, checkedTopicsVersion } = group.soft;
  const isNew = group.topology === undefined || known === undefined;
  if (!isNew && checkedTopicsVersion === topics.version) {
    return { configured: known, metadataHash: group.metadataHash };
  }
  const metadataHash = hashes.of(topology.requiredTopics, topics);
  draft.setSoft({ checkedTopicsVersion: topics.version });
  if (!isNew && metadataHash === group.metadataHash) return { configured: known, metadataHash };
  const configured = configureTopology(topology, topics);
  if ("kind" in configured) return invalidTopology(configured.message);
  draft.setSoft({ configured });
  return { configured, metadataHash };
}

/** Refuses a member that says it runs what the topology does not have. */
function unknownTask(
  { subtopologies }: ConfiguredTopology,
  { activeTasks, standbyTasks, warmupTasks }: StreamsHeartbeatInput,
): Refusal | undefined {
  const reported = [activeTasks, standbyTasks, warmupTasks].flatMap(
    (tasks): readonly TaskIds[] => tasks ?? [],
  );
  for (const { subtopologyId, partitions } of reported) {
    const taskCount = subtopologies.get(subtopologyId)?.taskCount;
    if (taskCount === undefined) {
      const message = `Subtopology ${subtopologyId} does not exist in the topology.`;
      return { error: "INVALID_REQUEST", message };
    }
    const unknown = partitions.find((partition) => partition < 0 || partition >= taskCount);
    if (unknown !== undefined) {
      const message = `Task ${unknown} for subtopology ${subtopologyId} is invalid. Number of tasks for this subtopology: ${taskCount}`;
      return { error: "INVALID_REQUEST", message };
    }
  }
  return undefined;
}
