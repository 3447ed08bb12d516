import type { Uuid } from "@millrace/protocol";

import { MetadataReplayError } from "../metadata-errors.ts";
import type {
  MetadataRecord,
  MetadataRecordData,
  MetadataRecordType,
} from "../records/metadata-record.ts";
import type { ClusterImage, Provenance } from "./cluster-image.ts";
import { configResourceKey, configResourceTypeOf } from "./configs-image.ts";
import type { ConfigResource, ResourceConfigs } from "./configs-image.ts";
import type { MetadataUpdate } from "./image-delta.ts";
import { clientQuotaKey, scramKey } from "./kept-records.ts";
import { LazyMap } from "./lazy-map.ts";
import type { BrokerRegistration, ControllerRegistration } from "./registrations.ts";
import { TopicsBuilder } from "./topics-builder.ts";

/** The feature that says in which format metadata is written. */
export const METADATA_VERSION_FEATURE = "metadata.version";

/**
 * Makes an image from the one before and the records that follow. It copies only what the records
 * touch, each map once, however many records there are. Use it once: `build` closes it.
 */
export class ImageBuilder {
  readonly before: ClusterImage;
  readonly topics: TopicsBuilder;
  readonly brokers: LazyMap<number, BrokerRegistration>;
  readonly controllers: LazyMap<number, ControllerRegistration>;
  readonly configs: LazyMap<string, ResourceConfigs>;
  readonly levels: LazyMap<string, number>;
  readonly clientQuotas: LazyMap<string, MapValue<ClusterImage["clientQuotas"]>>;
  readonly scramCredentials: LazyMap<string, MapValue<ClusterImage["scramCredentials"]>>;
  readonly acls: LazyMap<Uuid, MapValue<ClusterImage["acls"]>>;
  readonly delegationTokens: LazyMap<string, MapValue<ClusterImage["delegationTokens"]>>;
  readonly changedBrokers = new Set<number>();
  readonly changedConfigs = new Set<string>();
  readonly changedFeatures = new Set<string>();
  metadataVersion: number;
  nextProducerId: bigint;

  constructor(before: ClusterImage) {
    this.before = before;
    this.topics = new TopicsBuilder(before.topics);
    this.brokers = new LazyMap(before.brokers);
    this.controllers = new LazyMap(before.controllers);
    this.configs = new LazyMap(before.configs);
    this.levels = new LazyMap(before.features.levels);
    this.clientQuotas = new LazyMap(before.clientQuotas);
    this.scramCredentials = new LazyMap(before.scramCredentials);
    this.acls = new LazyMap(before.acls);
    this.delegationTokens = new LazyMap(before.delegationTokens);
    this.metadataVersion = before.features.metadataVersion;
    this.nextProducerId = before.nextProducerId;
  }

  /** @throws MetadataReplayError when the record does not fit what came before. */
  apply(record: MetadataRecord): void {
    applyRecord(this, record);
  }

  /** Closes the builder. `provenance` says up to where the records went. */
  build(provenance: Provenance): MetadataUpdate {
    const { before } = this;
    const { topics, delta } = this.topics.build();
    const areFeaturesKept =
      !this.levels.isChanged && this.metadataVersion === before.features.metadataVersion;
    const image: ClusterImage = {
      provenance,
      features: areFeaturesKept
        ? before.features
        : { metadataVersion: this.metadataVersion, levels: this.levels.build() },
      brokers: this.brokers.build(),
      controllers: this.controllers.build(),
      topics,
      configs: this.configs.build(),
      nextProducerId: this.nextProducerId,
      clientQuotas: this.clientQuotas.build(),
      scramCredentials: this.scramCredentials.build(),
      acls: this.acls.build(),
      delegationTokens: this.delegationTokens.build(),
    };
    return {
      before,
      image,
      delta: {
        topics: delta,
        brokers: this.changedBrokers,
        configs: this.changedConfigs,
        features: this.changedFeatures,
        hasProducerIds: this.nextProducerId !== before.nextProducerId,
        clientQuotas: this.clientQuotas.isChanged,
        scramCredentials: this.scramCredentials.isChanged,
        acls: this.acls.isChanged,
        delegationTokens: this.delegationTokens.isChanged,
      },
    };
  }
}

type MapValue<M> = M extends ReadonlyMap<infer _Key, infer Value> ? Value : never;

type Appliers = {
  readonly [Type in MetadataRecordType]: (
    builder: ImageBuilder,
    data: MetadataRecordData[Type],
  ) => void;
};

const appliers: Appliers = {
  RegisterBrokerRecord: (builder, data) => {
    builder.changedBrokers.add(data.brokerId);
    builder.brokers.set(data.brokerId, {
      id: data.brokerId,
      epoch: data.brokerEpoch,
      incarnationId: data.incarnationId,
      endpoints: data.endPoints,
      features: data.features,
      rack: data.rack,
      isFenced: data.fenced,
      isInControlledShutdown: data.inControlledShutdown,
      logDirs: data.logDirs,
      cordonedLogDirs: data.cordonedLogDirs,
    });
  },
  UnregisterBrokerRecord: (builder, data) => {
    brokerAt(builder, data.brokerId, data.brokerEpoch);
    builder.brokers.delete(data.brokerId);
    builder.changedBrokers.add(data.brokerId);
  },
  FenceBrokerRecord: (builder, data) => changeFencing(builder, data, true),
  UnfenceBrokerRecord: (builder, data) => changeFencing(builder, data, false),
  BrokerRegistrationChangeRecord: changeRegistration,
  RegisterControllerRecord: (builder, data) =>
    builder.controllers.set(data.controllerId, {
      id: data.controllerId,
      incarnationId: data.incarnationId,
      isZkMigrationReady: data.zkMigrationReady,
      endpoints: data.endPoints,
      features: data.features,
    }),
  TopicRecord: (builder, data) => builder.topics.create(data),
  PartitionRecord: (builder, data) => builder.topics.setPartition(data),
  PartitionChangeRecord: (builder, data) => builder.topics.changePartition(data),
  ClearElrRecord: (builder, data) => builder.topics.clearElr(data.topicName),
  RemoveTopicRecord: (builder, data) => {
    const { name } = builder.topics.remove(data.topicId);
    const key = configResourceKey({ type: "topic", name });
    if (builder.configs.delete(key)) builder.changedConfigs.add(key);
  },
  ConfigRecord: (builder, data) => setConfig(builder, data),
  FeatureLevelRecord: setFeature,
  ProducerIdsRecord: (builder, data) => {
    builder.nextProducerId = data.nextProducerId;
  },
  ClientQuotaRecord: (builder, data) => {
    const key = clientQuotaKey(data.entity, data.key);
    const { entity, value } = data;
    if (data.remove) builder.clientQuotas.delete(key);
    else builder.clientQuotas.set(key, { entity, key: data.key, value });
  },
  UserScramCredentialRecord: (builder, data) =>
    // The fields are views of the log's buffer, which must not be kept alive by them.
    builder.scramCredentials.set(scramKey(data), {
      ...data,
      salt: Buffer.from(data.salt),
      storedKey: Buffer.from(data.storedKey),
      serverKey: Buffer.from(data.serverKey),
    }),
  RemoveUserScramCredentialRecord: (builder, data) =>
    void builder.scramCredentials.delete(scramKey(data)),
  AccessControlEntryRecord: (builder, data) => builder.acls.set(data.id, data),
  RemoveAccessControlEntryRecord: (builder, data) => void builder.acls.delete(data.id),
  DelegationTokenRecord: (builder, data) => builder.delegationTokens.set(data.tokenId, data),
  RemoveDelegationTokenRecord: (builder, data) =>
    void builder.delegationTokens.delete(data.tokenId),
  NoOpRecord: ignore,
  // Whatever was in ZooKeeper, Kafka 3.x has moved it: the state says nothing any more.
  ZkMigrationStateRecord: ignore,
  // Transactions are taken apart before records come here.
  BeginTransactionRecord: ignore,
  EndTransactionRecord: ignore,
  AbortTransactionRecord: ignore,
};

function applyRecord<Type extends MetadataRecordType>(
  builder: ImageBuilder,
  record: { readonly type: Type; readonly data: MetadataRecordData[Type] },
): void {
  appliers[record.type](builder, record.data);
}

function ignore(): void {}

function changeFencing(
  builder: ImageBuilder,
  data: { readonly id: number; readonly epoch: number },
  isFenced: boolean,
): void {
  const broker = brokerAt(builder, data.id, data.epoch);
  builder.brokers.set(data.id, { ...broker, isFenced });
  builder.changedBrokers.add(data.id);
}

function changeRegistration(
  builder: ImageBuilder,
  data: MetadataRecordData["BrokerRegistrationChangeRecord"],
): void {
  const broker = brokerAt(builder, data.brokerId, data.brokerEpoch);
  builder.brokers.set(data.brokerId, {
    ...broker,
    // 1 fences, -1 unfences, 0 leaves it alone.
    isFenced: data.fenced === 0 ? broker.isFenced : data.fenced > 0,
    isInControlledShutdown: broker.isInControlledShutdown || data.inControlledShutdown > 0,
    logDirs: data.logDirs.length > 0 ? data.logDirs : broker.logDirs,
    cordonedLogDirs: data.cordonedLogDirs ?? broker.cordonedLogDirs,
  });
  builder.changedBrokers.add(data.brokerId);
}

function brokerAt(builder: ImageBuilder, id: number, epoch: number): BrokerRegistration {
  const broker = builder.brokers.get(id);
  if (broker === undefined || broker.epoch !== epoch) {
    throw new MetadataReplayError(`broker ${id} is not registered with epoch ${epoch}`);
  }
  return broker;
}

function setConfig(builder: ImageBuilder, data: MetadataRecordData["ConfigRecord"]): void {
  const type = configResourceTypeOf(data.resourceType);
  if (type === undefined) {
    throw new MetadataReplayError(`configurations of resource type ${data.resourceType}`);
  }
  const resource: ConfigResource = { type, name: data.resourceName };
  const key = configResourceKey(resource);
  const configs = new Map(builder.configs.get(key));
  if (data.value === null) configs.delete(data.name);
  else configs.set(data.name, data.value);
  if (configs.size === 0) builder.configs.delete(key);
  else builder.configs.set(key, configs);
  builder.changedConfigs.add(key);
}

function setFeature(builder: ImageBuilder, data: MetadataRecordData["FeatureLevelRecord"]): void {
  builder.changedFeatures.add(data.name);
  if (data.name === METADATA_VERSION_FEATURE) builder.metadataVersion = data.featureLevel;
  else if (data.featureLevel === 0) builder.levels.delete(data.name);
  else builder.levels.set(data.name, data.featureLevel);
}
