import type { MetadataFormat } from "../records/feature-levels.ts";
import { metadataFormatOf } from "../records/feature-levels.ts";
import type { MetadataRecord } from "../records/metadata-record.ts";
import type { ClusterImage } from "./cluster-image.ts";
import { configResourceOfKey, configResourceTypeIds } from "./configs-image.ts";
import { METADATA_VERSION_FEATURE } from "./image-builder.ts";
import { partitionToRecord } from "./partition-records.ts";
import type { BrokerRegistration, ControllerRegistration } from "./registrations.ts";

/**
 * Gives the records that make an image from the empty one, in Kafka's order: metadata.version
 * first, so that a reader knows at once whether it can read the rest.
 */
export function* imageRecords(image: ClusterImage): Generator<MetadataRecord> {
  const format = metadataFormatOf(image.features.metadataVersion);
  yield* featureRecords(image);
  for (const broker of image.brokers.values()) yield registerBroker(broker, format);
  if (format.hasControllerRegistrations) {
    for (const controller of image.controllers.values()) yield registerController(controller);
  }
  yield* topicRecords(image, format);
  yield* configRecords(image);
  yield* securityRecords(image);
}

/** Gives the record of a broker's registration as it is. */
export function registerBroker(broker: BrokerRegistration, format: MetadataFormat): MetadataRecord {
  const version = format.registerBrokerRecordVersion;
  return {
    type: "RegisterBrokerRecord",
    version,
    data: {
      brokerId: broker.id,
      isMigratingZkBroker: false,
      incarnationId: broker.incarnationId,
      brokerEpoch: broker.epoch,
      endPoints: broker.endpoints,
      features: broker.features,
      rack: broker.rack,
      fenced: broker.isFenced,
      inControlledShutdown: broker.isInControlledShutdown,
      logDirs: version >= 3 ? broker.logDirs : [],
      cordonedLogDirs: version >= 4 ? broker.cordonedLogDirs : null,
    },
  };
}

function* featureRecords(image: ClusterImage): Generator<MetadataRecord> {
  const { metadataVersion, levels } = image.features;
  if (metadataVersion === 0 && levels.size === 0) return;
  yield featureLevel(METADATA_VERSION_FEATURE, metadataVersion);
  for (const [name, level] of levels) yield featureLevel(name, level);
}

/** Gives the record that finalizes a feature's level. */
export function featureLevel(name: string, level: number): MetadataRecord {
  return { type: "FeatureLevelRecord", version: 0, data: { name, featureLevel: level } };
}

function registerController(controller: ControllerRegistration): MetadataRecord {
  return {
    type: "RegisterControllerRecord",
    version: 0,
    data: {
      controllerId: controller.id,
      incarnationId: controller.incarnationId,
      zkMigrationReady: controller.isZkMigrationReady,
      endPoints: controller.endpoints,
      features: controller.features,
    },
  };
}

function* topicRecords(image: ClusterImage, format: MetadataFormat): Generator<MetadataRecord> {
  const version = format.partitionRecordVersion;
  for (const { name, id, partitions } of image.topics.byId.values()) {
    yield { type: "TopicRecord", version: 0, data: { name, topicId: id } };
    for (const [partitionId, partition] of partitions.entries()) {
      yield partitionToRecord(partition, { topicId: id, partitionId, version });
    }
  }
}

function* configRecords(image: ClusterImage): Generator<MetadataRecord> {
  for (const [key, configs] of image.configs) {
    const { type, name: resourceName } = configResourceOfKey(key);
    const resourceType = configResourceTypeIds[type];
    for (const [name, value] of configs) {
      yield {
        type: "ConfigRecord",
        version: 0,
        data: { resourceType, resourceName, name, value },
      };
    }
  }
}

// Whatever the metadata.version cannot hold was never written under it: nothing can be lost here.
function* securityRecords(image: ClusterImage): Generator<MetadataRecord> {
  for (const { entity, key, value } of image.clientQuotas.values()) {
    const data = { entity, key, value, remove: false };
    yield { type: "ClientQuotaRecord", version: 0, data };
  }
  if (image.nextProducerId > 0n) {
    // The block's owner is not part of the state; Kafka writes these values too.
    const data = { brokerId: -1, brokerEpoch: -1, nextProducerId: image.nextProducerId };
    yield { type: "ProducerIdsRecord", version: 0, data };
  }
  for (const data of image.acls.values()) {
    yield { type: "AccessControlEntryRecord", version: 0, data };
  }
  for (const data of image.scramCredentials.values()) {
    yield { type: "UserScramCredentialRecord", version: 0, data };
  }
  for (const data of image.delegationTokens.values()) {
    yield { type: "DelegationTokenRecord", version: 0, data };
  }
}
