import type { ClusterImage, EmbeddedMetadata } from "@millrace/metadata";
import type { Platform } from "@millrace/platform";
import type { LogDirectories } from "@millrace/storage";

import type { BrokerConfig, DynamicBrokerConfig } from "../config/index.ts";
import { GroupCoordinator } from "../coordination/group-coordinator.ts";
import { shareCoordinatorPersister } from "../coordination/share-coordinator-persister.ts";
import { ShareCoordinator } from "../coordination/share-coordinator.ts";
import { StreamsInternalTopics } from "../coordination/streams-internal-topics.ts";
import { TransactionCoordinator } from "../coordination/transaction-coordinator.ts";
import { TransactionMarkers } from "../coordination/transaction-markers.ts";
import { FetchSessionCache } from "../fetch/session-cache.ts";
import { ClientQuotas } from "../quota/client-quotas.ts";
import { Deadlines } from "../replication/deadlines.ts";
import { LogMover } from "../replication/log-mover.ts";
import { ProducerIds } from "../replication/producer-ids.ts";
import type { ReplicaSet } from "../replication/replica-set.ts";
import { createAuthorizer } from "../security/acl/create-authorizer.ts";
import { BrokerSecurity } from "../security/broker-security.ts";
import { AnswerMemory } from "../server/answer-memory.ts";
import type { BrokerServices } from "../services.ts";
import { SharePartitionManager } from "../share/share-partition-manager.ts";
import { ClientTelemetry } from "../telemetry/client-telemetry.ts";
import type { DirectoryAssignments } from "./directory-assignments.ts";
import type { Registration } from "./registration.ts";

/** What the services of a broker are made from. */
export interface ServicesOptions {
  readonly platform: Platform;
  readonly dynamicConfig: DynamicBrokerConfig;
  readonly clusterId: string;
  readonly logs: LogDirectories;
  readonly metadata: EmbeddedMetadata;
  readonly replicas: ReplicaSet;
  readonly registration: Registration;
  readonly assignments: DirectoryAssignments;
}

/** What clients may leave untaken, over all connections, before their answers are kept small. */
const answerMemoryBytesMax = 256 * 1024 * 1024;

/** Makes the domain objects of one broker, each with what it needs of the others. */
export function createServices(options: ServicesOptions): BrokerServices {
  const { assignments, dynamicConfig, logs, metadata, platform, replicas } = options;
  const { clock, random, logger, logLevels } = platform;
  const { controller } = metadata;
  const config = (): BrokerConfig => dynamicConfig.current;
  const image = (): ClusterImage => metadata.image();
  return {
    brokerId: dynamicConfig.current.nodeId,
    clusterId: options.clusterId,
    clock,
    random,
    logger: logger.child("kafka.server.KafkaApis"),
    logLevels,
    dynamicConfig,
    config,
    controller,
    replicas,
    logs,
    logMover: new LogMover({
      logs,
      replicas,
      logger,
      onMoved: (partition) => assignments.report(partition),
    }),
    fetchSessions: new FetchSessionCache({
      slots: dynamicConfig.current.maxIncrementalFetchSessionCacheSlots,
      random,
      nowMs: () => clock.monotonicMs(),
    }),
    answers: new AnswerMemory({ bytesMax: answerMemoryBytesMax }),
    ...createCoordination(options, { config, image }),
    streamsTopics: new StreamsInternalTopics({ controller, clock, logger }),
    authorizer: createAuthorizer(dynamicConfig.current.authorizer, {
      image,
      logger,
      metrics: platform.metrics,
    }),
    telemetry: createTelemetry(platform, config),
    quotas: new ClientQuotas({
      config: dynamicConfig.current,
      clock,
      metrics: platform.metrics,
    }),
    security: new BrokerSecurity({ platform, config, image }),
    image,
  };
}

type Coordination = Pick<
  BrokerServices,
  | "deadlines"
  | "producerIds"
  | "groups"
  | "transactions"
  | "transactionMarkers"
  | "shares"
  | "shareStates"
  | "sharePartitions"
>;

/** Makes the coordinators, and what leads share partitions. */
function createCoordination(
  options: ServicesOptions,
  now: { readonly config: () => BrokerConfig; readonly image: () => ClusterImage },
): Coordination {
  const { metadata, platform, registration, replicas } = options;
  const { clock, random, logger, metrics } = platform;
  const { controller } = metadata;
  const { config, image } = now;
  const world = { config, image, clock, random, logger, metrics, replicas };
  const deadlines = new Deadlines(clock);
  const producerIds = new ProducerIds({ controller, identity: () => registration.identity() });
  const shares = new ShareCoordinator(world);
  const shareStates = shareCoordinatorPersister({
    coordinator: shares,
    image,
    config,
    controller,
    clock,
  });
  const groups = new GroupCoordinator({ ...world, shareStates });
  const nowMs = (): number => clock.nowMs();
  const transactionMarkers = new TransactionMarkers({ replicas, groups, image, nowMs });
  return {
    deadlines,
    producerIds,
    groups,
    transactions: new TransactionCoordinator({
      ...world,
      markers: transactionMarkers,
      producerIds,
    }),
    transactionMarkers,
    shares,
    shareStates,
    sharePartitions: new SharePartitionManager({
      ...world,
      persister: shareStates,
      controller,
      deadlines,
    }),
  };
}

function createTelemetry(platform: Platform, config: () => BrokerConfig): ClientTelemetry {
  const { clock, random, logger, metrics } = platform;
  return new ClientTelemetry({
    clock,
    random,
    logger: logger.child("kafka.server.ClientMetricsManager"),
    metrics,
    bytesMax: () => config().telemetryMaxBytes,
  });
}
