import type { Metrics } from "@millrace/platform";

import type { SocketServer } from "../server/socket-server.ts";
import type { BrokerServices } from "../services.ts";

/** Registers what is read when somebody asks, under Kafka's names where Kafka has them. */
export function registerBrokerGauges(
  metrics: Metrics,
  services: BrokerServices,
  server: SocketServer,
): void {
  const gauge = (name: string, help: string, read: () => number): void =>
    metrics.gauge({ name, help }, read);
  const { replicas, fetchSessions, deadlines, logs, logMover } = services;
  const count = (predicate: (partition: CountedPartition) => boolean): number => {
    let counted = 0;
    for (const partition of replicas.partitions()) if (predicate(partition)) counted += 1;
    return counted;
  };
  const replicaManager = "kafka_server_ReplicaManager";
  gauge(`${replicaManager}_PartitionCount`, "Replicas here.", () => count(() => true));
  gauge(`${replicaManager}_LeaderCount`, "Partitions led here.", () =>
    count((one) => one.isLeader),
  );
  gauge(`${replicaManager}_OfflineReplicaCount`, "Replicas whose log directory failed.", () =>
    count((one) => one.log.isOffline),
  );
  gauge(`${replicaManager}_UnderReplicatedPartitions`, "Partitions with replicas behind.", () =>
    count((one) => one.isLeader && one.state.inSyncReplicas.length < one.state.replicas.length),
  );
  gauge("kafka_log_LogManager_OfflineLogDirectoryCount", "Log directories that failed.", () =>
    logs.directories.reduce((sum, directory) => sum + (directory.isOffline ? 1 : 0), 0),
  );
  const sessions = "kafka_server_FetchSessionCache";
  gauge(`${sessions}_NumIncrementalFetchSessions`, "Fetch sessions.", () => fetchSessions.size);
  gauge(
    `${sessions}_NumIncrementalFetchPartitionsCached`,
    "Partitions of fetch sessions.",
    () => fetchSessions.partitionCount,
  );
  gauge(
    "kafka_server_socket_server_metrics_connection_count",
    "Open connections.",
    () => server.connectionCount,
  );
  gauge(
    "millrace_connections_refused",
    "Connections refused by a limit.",
    () => server.refusedCount,
  );
  gauge("millrace_client_memory_bytes", "Memory for requests and unsent answers.", () =>
    server.heldBytes(),
  );
  gauge(
    "millrace_request_memory_bytes",
    "Estimated memory of the requests that are handled.",
    () => server.requestMemoryBytes,
  );
  gauge(
    "millrace_request_memory_waiting",
    "Connections whose next request waits for the memory of others.",
    () => server.requestMemoryWaiting,
  );
  gauge(
    "millrace_delayed_operations",
    "Requests that wait for time or records.",
    () => deadlines.size,
  );
  gauge("millrace_log_moves", "Logs that move between directories.", () => logMover.movingCount);
}

interface CountedPartition {
  readonly isLeader: boolean;
  readonly log: { readonly isOffline: boolean };
  readonly state: {
    readonly inSyncReplicas: readonly number[];
    readonly replicas: readonly number[];
  };
}
