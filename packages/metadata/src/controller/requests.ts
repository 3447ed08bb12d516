import type { Uuid } from "@millrace/protocol";

import type { AclBinding } from "../image/acl-filter.ts";
import type { ConfigResource } from "../image/configs-image.ts";
import type { ClientQuotaEntity, ScramCredential } from "../image/kept-records.ts";
import type { Endpoint, SupportedFeature } from "../image/registrations.ts";
import type { ItemError } from "./outcome.ts";

/**
 * What the controller is asked for. Field names are those of Kafka's requests, so that a handler
 * hands on what it decoded.
 */

/** A topic to create, as in CreateTopics. */
export interface CreatableTopic {
  readonly name: string;
  /** -1 for the default, or with `assignments`. */
  readonly numPartitions: number;
  /** -1 for the default, or with `assignments`. */
  readonly replicationFactor: number;
  readonly assignments: readonly {
    readonly partitionIndex: number;
    readonly brokerIds: readonly number[];
  }[];
  readonly configs: readonly { readonly name: string; readonly value: string | null }[];
}

/**
 * Counts partitions that a topic gets or loses for the requester's quota, once nothing else is
 * against it (KIP-599); false refuses the topic.
 */
export type ChargePartitions = (partitionCount: number) => boolean;

/** CreateTopics. */
export interface CreateTopicsInput {
  readonly topics: readonly CreatableTopic[];
  readonly validateOnly: boolean;
  readonly chargePartitions?: ChargePartitions | undefined;
}

/** What became of one topic of CreateTopics. */
export interface CreateTopicResult extends ItemError {
  readonly name: string;
  /** `ZERO_UUID` when it was refused. */
  readonly topicId: Uuid;
  /** -1 when it was refused. */
  readonly numPartitions: number;
  /** -1 when it was refused. */
  readonly replicationFactor: number;
}

/** What became of one topic of DeleteTopics. */
export interface DeleteTopicResult extends ItemError {
  readonly topicId: Uuid;
}

/** CreatePartitions. */
export interface CreatePartitionsInput {
  readonly topics: readonly {
    readonly name: string;
    /** How many there shall be in all. */
    readonly count: number;
    /** Replicas of each new partition; null lets the controller choose. */
    readonly assignments: readonly { readonly brokerIds: readonly number[] }[] | null;
  }[];
  readonly validateOnly: boolean;
  readonly chargePartitions?: ChargePartitions | undefined;
}

/** What became of one topic of CreatePartitions. */
export interface CreatePartitionsResult extends ItemError {
  readonly name: string;
}

/** IncrementalAlterConfigs. */
export interface IncrementalAlterConfigsInput {
  readonly resources: readonly {
    readonly resourceType: number;
    readonly resourceName: string;
    readonly configs: readonly {
      readonly name: string;
      /** 0 SET, 1 DELETE, 2 APPEND, 3 SUBTRACT. */
      readonly configOperation: number;
      readonly value: string | null;
    }[];
  }[];
  readonly validateOnly: boolean;
}

/** AlterConfigs: what is not named goes back to its default. */
export interface AlterConfigsInput {
  readonly resources: readonly {
    readonly resourceType: number;
    readonly resourceName: string;
    readonly configs: readonly { readonly name: string; readonly value: string | null }[];
  }[];
  readonly validateOnly: boolean;
}

/** What became of one resource. */
export interface AlterConfigsResult extends ItemError {
  readonly resourceType: number;
  readonly resourceName: string;
}

/** ElectLeaders. */
export interface ElectLeadersInput {
  /** 0 preferred, 1 unclean. */
  readonly electionType: number;
  /** null for every partition. */
  readonly topicPartitions:
    | readonly { readonly topic: string; readonly partitions: readonly number[] }[]
    | null;
}

/** What became of one partition. */
export interface ElectLeaderResult extends ItemError {
  readonly topic: string;
  readonly partitionId: number;
}

/** BrokerRegistration. */
export interface RegisterBrokerInput {
  readonly brokerId: number;
  readonly clusterId: string;
  readonly incarnationId: Uuid;
  readonly listeners: readonly Endpoint[];
  readonly features: readonly SupportedFeature[];
  readonly rack: string | null;
  readonly logDirs: readonly Uuid[];
  /** From the clean-shutdown file; -1 after a crash, which costs the place in ISR and ELR. */
  readonly previousBrokerEpoch: number;
}

/** BrokerHeartbeat. */
export interface BrokerHeartbeatInput {
  readonly brokerId: number;
  readonly brokerEpoch: number;
  /** The last offset of the image that the broker acts on. */
  readonly currentMetadataOffset: number;
  readonly wantFence: boolean;
  readonly wantShutDown: boolean;
  /** Ids of log directories that failed. */
  readonly offlineLogDirs: readonly Uuid[];
  /** Ids of directories that take no new replicas. */
  readonly cordonedLogDirs: readonly Uuid[];
}

/** The controller's answer to a heartbeat. */
export interface BrokerHeartbeatResult {
  readonly isCaughtUp: boolean;
  readonly isFenced: boolean;
  readonly shouldShutDown: boolean;
}

/** AllocateProducerIds. */
export interface AllocateProducerIdsInput {
  readonly brokerId: number;
  readonly brokerEpoch: number;
}

/** A block of producer ids that nobody else gets. */
export interface ProducerIdBlock {
  readonly producerIdStart: bigint;
  readonly producerIdLen: number;
}

/** AssignReplicasToDirs: in which log directory of a broker its replicas lie. */
export interface AssignReplicasToDirsInput {
  readonly brokerId: number;
  readonly brokerEpoch: number;
  readonly directories: readonly {
    readonly id: Uuid;
    readonly topics: readonly {
      readonly topicId: Uuid;
      readonly partitions: readonly { readonly partitionIndex: number }[];
    }[];
  }[];
}

/** What became of one replica's assignment. */
export interface AssignReplicaResult extends ItemError {
  readonly directoryId: Uuid;
  readonly topicId: Uuid;
  readonly partitionIndex: number;
}

/** What became of one filter of DeleteAcls. */
export interface DeleteAclsResult extends ItemError {
  readonly deleted: readonly AclBinding[];
}

/** UpdateFeatures. */
export interface UpdateFeaturesInput {
  readonly featureUpdates: readonly {
    readonly feature: string;
    readonly maxVersionLevel: number;
    /** 1 upgrade only, 2 safe downgrade, 3 unsafe downgrade. */
    readonly upgradeType: number;
  }[];
  readonly validateOnly: boolean;
}

/** What became of one feature. */
export interface UpdateFeatureResult extends ItemError {
  readonly feature: string;
}

/** AlterClientQuotas. */
export interface AlterClientQuotasInput {
  readonly entries: readonly ClientQuotaAlteration[];
  readonly validateOnly: boolean;
}

/** What becomes of the quotas of one entity. */
export interface ClientQuotaAlteration {
  readonly entity: readonly ClientQuotaEntity[];
  readonly ops: readonly ClientQuotaOperation[];
}

/** Sets one quota, or removes it, whatever the value. */
export interface ClientQuotaOperation {
  readonly key: string;
  readonly value: number;
  readonly remove: boolean;
}

/** What became of one entity's quotas. */
export interface AlterClientQuotasResult extends ItemError {
  readonly entity: readonly ClientQuotaEntity[];
}

/** AlterUserScramCredentials, with the keys computed of the salted password. Secrets. */
export interface AlterScramCredentialsInput {
  readonly deletions: readonly { readonly name: string; readonly mechanism: number }[];
  readonly upsertions: readonly ScramCredential[];
}

/** What became of one user's credentials. */
export interface AlterScramCredentialsResult extends ItemError {
  readonly user: string;
}

/** CreateDelegationToken. Principals are `User:name`; times are milliseconds. */
export interface CreateDelegationTokenInput {
  readonly owner: string;
  readonly requester: string;
  readonly renewers: readonly string[];
  readonly nowMs: number;
  readonly maxLifetimeMs: number;
  readonly renewLifetimeMs: number;
}

/** RenewDelegationToken: by whom, and for how long. */
export interface ChangeDelegationTokenInput {
  readonly tokenId: string;
  readonly principal: string;
  readonly nowMs: number;
  readonly periodMs: number;
}

/** ExpireDelegationToken: a negative period ends it now. */
export type ExpireDelegationTokenInput = ChangeDelegationTokenInput;

/**
 * Says what configurations may be: the broker supplies it from its table of keys.
 */
export interface ConfigValidator {
  /** Whether the key's value is a list, which APPEND and SUBTRACT need. */
  isList(resource: ConfigResource, name: string): boolean;
  /** The value when nothing is set for the resource: what APPEND and SUBTRACT start from. */
  inheritedValue(resource: ConfigResource, name: string): string | undefined;
  /**
   * Checks a resource's configurations as they would be afterwards.
   * @returns undefined when they are allowed, else the error to answer with.
   */
  validate(
    resource: ConfigResource,
    after: ReadonlyMap<string, string>,
    before: ReadonlyMap<string, string>,
  ): ItemError | undefined;
}

/** What the controller uses where a request leaves the choice to it. */
export interface ControllerDefaults {
  /** `num.partitions`. */
  readonly numPartitions: number;
  /** `default.replication.factor`. */
  readonly replicationFactor: number;
  /** `min.insync.replicas` of the broker's own configuration. */
  readonly minInsyncReplicas: number;
  /** `unclean.leader.election.enable` of the broker's own configuration. */
  readonly isUncleanElectionEnabled: boolean;
}
