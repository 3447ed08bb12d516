import type { Clock, Logger, LogLevels, Random } from "@millrace/platform";
import type { ClusterImage, Controller } from "@millrace/metadata";
import type { LogDirectories } from "@millrace/storage";

import type { BrokerConfig, DynamicBrokerConfig } from "./config/index.ts";
import type { GroupCoordinator } from "./coordination/group-coordinator.ts";
import type { StreamsInternalTopics } from "./coordination/streams-internal-topics.ts";
import type { ShareCoordinator } from "./coordination/share-coordinator.ts";
import type { TransactionCoordinator } from "./coordination/transaction-coordinator.ts";
import type { TransactionMarkers } from "./coordination/transaction-markers.ts";
import type { FetchSessionCache } from "./fetch/session-cache.ts";
import type { ProducerIds } from "./replication/producer-ids.ts";
import type { LogMover } from "./replication/log-mover.ts";
import type { Deadlines } from "./replication/deadlines.ts";
import type { ClientQuotas } from "./quota/client-quotas.ts";
import type { BrokerSecurity } from "./security/broker-security.ts";
import type { AnswerMemory } from "./server/answer-memory.ts";
import type { ClientTelemetry } from "./telemetry/client-telemetry.ts";
import type { ReplicaSet } from "./replication/replica-set.ts";
import type { Authorizer } from "./security/acl/authorizer.ts";
import type { ShareStatePersister } from "./share/persister.ts";
import type { SharePartitionManager } from "./share/share-partition-manager.ts";

/** What handlers work with: the domain objects of one broker, made where it is composed. */
export interface BrokerServices {
  readonly brokerId: number;
  readonly clusterId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly logLevels: LogLevels;
  readonly dynamicConfig: DynamicBrokerConfig;
  /** The configuration in force now. */
  readonly config: () => BrokerConfig;
  readonly controller: Controller;
  readonly replicas: ReplicaSet;
  readonly logs: LogDirectories;
  readonly logMover: LogMover;
  readonly fetchSessions: FetchSessionCache;
  readonly deadlines: Deadlines;
  /** What clients have not taken yet bounds what they are given next. */
  readonly answers: AnswerMemory;
  readonly producerIds: ProducerIds;
  /** The groups that this broker coordinates. */
  readonly groups: GroupCoordinator;
  /** Makes the topics that streams groups need. */
  readonly streamsTopics: StreamsInternalTopics;
  /** The transactional ids that this broker coordinates. */
  readonly transactions: TransactionCoordinator;
  /** Writes the markers that end transactions. */
  readonly transactionMarkers: TransactionMarkers;
  /** The metrics that clients push. */
  readonly telemetry: ClientTelemetry;
  /** The share partitions whose state this broker coordinates. */
  readonly shares: ShareCoordinator;
  /** Where the state of any share partition is kept, whichever broker coordinates it. */
  readonly shareStates: ShareStatePersister;
  /** The share partitions that this broker leads, and the sessions of their members. */
  readonly sharePartitions: SharePartitionManager;
  /** What clients may take of this broker. */
  readonly quotas: ClientQuotas;
  /** Who may log in. */
  readonly security: BrokerSecurity;
  /** Decides who may do what; undefined where everybody may do everything. */
  readonly authorizer: Authorizer | undefined;
  /** The newest image; a handler uses the one of its context instead. */
  readonly image: () => ClusterImage;
}
