import {
  AddRaftVoter,
  ApiVersions,
  DescribeCluster,
  DescribeQuorum,
  type ErrorName,
  RemoveRaftVoter,
  type ResponseOf,
  UnregisterBroker,
  UpdateFeatures,
  type Uuid,
} from "@millrace/protocol";

import type { Cluster } from "../cluster.ts";
import { clientSoftwareName, clientVersion } from "../version.ts";
import { type AclOperation, operationsOf, outcomeOf } from "./answer.ts";
import type { AdminCallOptions, ValidateOptions } from "./call-options.ts";
import { settleOne } from "./settle-each.ts";

/** The cluster and its brokers. */
export interface ClusterDescription {
  readonly clusterId: string;
  /** -1 while there is none. */
  readonly controllerId: number;
  readonly brokers: readonly DescribedBroker[];
  /** Undefined unless they were asked for. */
  readonly authorizedOperations: ReadonlySet<AclOperation> | undefined;
}

/** A broker of the cluster. */
export interface DescribedBroker {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | undefined;
  /** Known, but not serving; told only when such brokers were asked for. */
  readonly isFenced: boolean;
}

/** How the cluster is described. */
export interface DescribeClusterOptions extends AdminCallOptions {
  readonly includeAuthorizedOperations?: boolean | undefined;
  readonly includeFencedBrokers?: boolean | undefined;
}

/** Describes the cluster. */
export function describeCluster(
  cluster: Cluster,
  options: DescribeClusterOptions,
): Promise<ClusterDescription> {
  const what = "describing the cluster";
  return settleOne<ClusterDescription>(cluster, {
    what,
    call: options,
    attempt: async ({ signal }) => {
      const includeClusterAuthorizedOperations = options.includeAuthorizedOperations ?? false;
      const includeFencedBrokers = options.includeFencedBrokers ?? false;
      const { body } = await cluster.sendToAny(
        DescribeCluster,
        (version) => ({
          includeClusterAuthorizedOperations,
          ...(version >= 2 ? { includeFencedBrokers } : {}),
        }),
        { signal, ...(includeFencedBrokers ? { minVersion: 2 } : {}) },
      );
      return outcomeOf(body, { what, api: DescribeCluster.name }, () => ({
        clusterId: body.clusterId,
        controllerId: body.controllerId,
        brokers: body.brokers.map((broker) => ({
          id: broker.brokerId,
          host: broker.host,
          port: broker.port,
          rack: broker.rack ?? undefined,
          isFenced: broker.isFenced,
        })),
        authorizedOperations: operationsOf(body.clusterAuthorizedOperations),
      }));
    },
  });
}

/** Levels of a feature, ends included. */
export interface FeatureRange {
  readonly min: number;
  readonly max: number;
}

/** What the cluster has agreed on, and what the broker that was asked could do. */
export interface FeaturesDescription {
  readonly finalized: ReadonlyMap<string, FeatureRange>;
  /** Undefined where the broker does not tell it. */
  readonly finalizedEpoch: bigint | undefined;
  readonly supported: ReadonlyMap<string, FeatureRange>;
}

/** Describes features: finalized and supported levels. */
export function describeFeatures(
  cluster: Cluster,
  options: AdminCallOptions,
): Promise<FeaturesDescription> {
  const what = "describing features";
  return settleOne<FeaturesDescription>(cluster, {
    what,
    call: options,
    attempt: async ({ signal }) => {
      const software = { clientSoftwareName, clientSoftwareVersion: clientVersion };
      const { body } = await cluster.sendToAny(ApiVersions, software, { signal, minVersion: 3 });
      return outcomeOf(body, { what, api: ApiVersions.name }, () => ({
        finalized: new Map(
          body.finalizedFeatures.map(({ name, minVersionLevel: min, maxVersionLevel: max }) => [
            name,
            { min, max },
          ]),
        ),
        finalizedEpoch:
          body.finalizedFeaturesEpoch < 0 ? undefined : BigInt(body.finalizedFeaturesEpoch),
        supported: new Map(
          body.supportedFeatures.map(({ name, minVersion: min, maxVersion: max }) => [
            name,
            { min, max },
          ]),
        ),
      }));
    },
  });
}

/** A feature's new level; 0 takes it out of use. */
export interface FeatureUpdate {
  readonly level: number;
  /** Which way it may go; "upgrade". A downgrade that is not safe may lose metadata. */
  readonly type?: "upgrade" | "safe-downgrade" | "unsafe-downgrade";
}

const upgradeTypes = { upgrade: 1, "safe-downgrade": 2, "unsafe-downgrade": 3 } as const;

/**
 * Changes the levels of features, all or none.
 * @throws KafkaError the reason of the first that cannot be changed
 */
export function updateFeatures(
  cluster: Cluster,
  updates: Readonly<Record<string, FeatureUpdate>>,
  options: ValidateOptions,
): Promise<void> {
  const what = "updating features";
  return settleOne<void>(cluster, {
    what,
    call: options,
    attempt: async ({ signal, remainingMs }) => {
      const request = {
        timeoutMs: Math.ceil(remainingMs),
        validateOnly: options.validateOnly ?? false,
        featureUpdates: Object.entries(updates).map(([feature, { level, type = "upgrade" }]) => ({
          feature,
          maxVersionLevel: level,
          upgradeType: upgradeTypes[type],
        })),
      };
      const limits = { signal, minVersion: 1 };
      const { body } = await cluster.sendToController(UpdateFeatures, request, limits);
      const refused = body.results.find(({ errorCode }) => errorCode !== 0);
      const place = { what: "features were not updated", api: UpdateFeatures.name };
      return outcomeOf(body.errorCode === 0 ? (refused ?? body) : body, place, () => undefined);
    },
  });
}

type QuorumPartition = ResponseOf<typeof DescribeQuorum>["topics"][number]["partitions"][number];

/** A voter or an observer of the controllers' log. */
export interface QuorumReplica {
  readonly replicaId: number;
  readonly directoryId: Uuid;
  readonly logEndOffset: bigint;
  /** Undefined where it is not known. */
  readonly lastFetchTimestamp: number | undefined;
  readonly lastCaughtUpTimestamp: number | undefined;
}

/** The quorum of controllers. */
export interface QuorumDescription {
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly highWatermark: bigint;
  readonly voters: readonly QuorumReplica[];
  readonly observers: readonly QuorumReplica[];
  /** Each controller's listeners, by its number. */
  readonly nodes: ReadonlyMap<number, readonly RaftEndpoint[]>;
}

/** Where a controller listens. */
export interface RaftEndpoint {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** Describes the quorum of controllers. */
export function describeMetadataQuorum(
  cluster: Cluster,
  options: AdminCallOptions,
): Promise<QuorumDescription> {
  const what = "describing the quorum";
  return settleOne<QuorumDescription>(cluster, {
    what,
    call: options,
    attempt: async ({ signal }) => {
      const request = {
        topics: [{ topicName: "__cluster_metadata", partitions: [{ partitionIndex: 0 }] }],
      };
      const { body } = await cluster.sendToAny(DescribeQuorum, request, { signal });
      const place = { what, api: DescribeQuorum.name };
      const partition = body.topics[0]?.partitions[0];
      const refused = body.errorCode === 0 ? (partition ?? body) : body;
      return outcomeOf(refused, place, () => quorum(partition, body.nodes));
    },
  });
}

function quorum(
  partition: QuorumPartition | undefined,
  nodes: ResponseOf<typeof DescribeQuorum>["nodes"],
): QuorumDescription {
  return {
    leaderId: partition?.leaderId ?? -1,
    leaderEpoch: partition?.leaderEpoch ?? -1,
    highWatermark: BigInt(partition?.highWatermark ?? -1),
    voters: (partition?.currentVoters ?? []).map(replica),
    observers: (partition?.observers ?? []).map(replica),
    nodes: new Map(nodes.map(({ nodeId, listeners }) => [nodeId, listeners])),
  };
}

function replica(one: QuorumPartition["currentVoters"][number]): QuorumReplica {
  const known = (timestamp: number): number | undefined => (timestamp < 0 ? undefined : timestamp);
  return {
    replicaId: one.replicaId,
    directoryId: one.replicaDirectoryId,
    logEndOffset: BigInt(one.logEndOffset),
    lastFetchTimestamp: known(one.lastFetchTimestamp),
    lastCaughtUpTimestamp: known(one.lastCaughtUpTimestamp),
  };
}

/** A controller that shall vote, or shall no longer. */
export interface RaftVoter {
  readonly id: number;
  readonly directoryId: Uuid;
  /** What the quorum must be called, so that it is the right one. */
  readonly clusterId?: string | undefined;
}

/** Adds a controller to the voters. @throws KafkaError */
export function addRaftVoter(
  cluster: Cluster,
  voter: RaftVoter & { readonly listeners: readonly RaftEndpoint[] },
  options: AdminCallOptions,
): Promise<void> {
  const what = `adding voter ${voter.id}`;
  return settleOne<void>(cluster, {
    what,
    call: options,
    attempt: async ({ signal, remainingMs }) => {
      const request = {
        clusterId: voter.clusterId ?? null,
        timeoutMs: Math.ceil(remainingMs),
        voterId: voter.id,
        voterDirectoryId: voter.directoryId,
        listeners: voter.listeners.map((one) => ({ ...one })),
      };
      const { body } = await cluster.sendToController(AddRaftVoter, request, { signal });
      return outcomeOf(body, { what, api: AddRaftVoter.name }, () => undefined);
    },
  });
}

/** Takes a controller out of the voters. @throws KafkaError */
export function removeRaftVoter(
  cluster: Cluster,
  voter: RaftVoter,
  options: AdminCallOptions,
): Promise<void> {
  const what = `removing voter ${voter.id}`;
  return settleOne<void>(cluster, {
    what,
    call: options,
    attempt: async ({ signal }) => {
      const request = {
        clusterId: voter.clusterId ?? null,
        voterId: voter.id,
        voterDirectoryId: voter.directoryId,
      };
      const { body } = await cluster.sendToController(RemoveRaftVoter, request, { signal });
      return outcomeOf(body, { what, api: RemoveRaftVoter.name }, () => undefined);
    },
  });
}

/** Makes the cluster forget a broker that is gone for good. @throws KafkaError */
export function unregisterBroker(
  cluster: Cluster,
  brokerId: number,
  options: AdminCallOptions,
): Promise<void> {
  const what = `unregistering broker ${brokerId}`;
  return settleOne<void>(cluster, {
    what,
    call: options,
    retryOn: new Set<ErrorName>(["REQUEST_TIMED_OUT"]),
    attempt: async ({ signal }) => {
      const { body } = await cluster.sendToController(UnregisterBroker, { brokerId }, { signal });
      return outcomeOf(body, { what, api: UnregisterBroker.name }, () => undefined);
    },
  });
}
