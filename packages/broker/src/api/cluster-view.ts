import type { BrokerRegistration, ClusterImage, PartitionImage } from "@millrace/metadata";
import { errorCodes } from "@millrace/protocol";

/** A broker as the clients of one listener reach it. */
export interface BrokerNode {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

/**
 * The brokers that the clients of a listener are told of: those that live and have that listener.
 */
export function liveNodes(image: ClusterImage, listenerName: string): readonly BrokerNode[] {
  const nodes: BrokerNode[] = [];
  for (const broker of image.brokers.values()) {
    const node = broker.isFenced ? undefined : nodeOf(broker, listenerName);
    if (node !== undefined) nodes.push(node);
  }
  return nodes;
}

/** A broker as a listener's clients reach it; undefined when it has no such listener. */
export function nodeOf(broker: BrokerRegistration, listenerName: string): BrokerNode | undefined {
  const endpoint = broker.endpoints.find((candidate) => candidate.name === listenerName);
  if (endpoint === undefined) return undefined;
  return { nodeId: broker.id, host: endpoint.host, port: endpoint.port, rack: broker.rack };
}

/** A partition as Metadata and DescribeTopicPartitions tell it. */
export interface PartitionView {
  readonly errorCode: number;
  readonly partitionIndex: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly replicaNodes: readonly number[];
  readonly isrNodes: readonly number[];
  readonly offlineReplicas: readonly number[];
}

/**
 * Shapes a partition for the clients of a listener; the errors are those of Kafka's metadata cache.
 */
export function viewPartition(
  image: ClusterImage,
  listenerName: string,
  partition: PartitionImage & { readonly index: number },
): PartitionView {
  const offlineReplicas = partition.replicas.filter(
    (id) => image.brokers.get(id)?.isFenced !== false,
  );
  const leader = image.brokers.get(partition.leader);
  const view = {
    partitionIndex: partition.index,
    leaderEpoch: partition.leaderEpoch,
    replicaNodes: partition.replicas,
    isrNodes: partition.isr,
    offlineReplicas,
  };
  if (leader === undefined || leader.isFenced) {
    return { ...view, errorCode: errorCodes.LEADER_NOT_AVAILABLE, leaderId: -1 };
  }
  if (nodeOf(leader, listenerName) === undefined) {
    return { ...view, errorCode: errorCodes.LISTENER_NOT_FOUND, leaderId: -1 };
  }
  return { ...view, errorCode: errorCodes.NONE, leaderId: partition.leader };
}
