import type { ClusterImage } from "../image/cluster-image.ts";
import { featureLevel } from "../image/image-records.ts";
import type { ControllerRegistration } from "../image/registrations.ts";
import { ELR_FEATURE, metadataFormatOf, supportedFeatures } from "../records/feature-levels.ts";
import type { MetadataRecord } from "../records/metadata-record.ts";
import { minInsyncRecord } from "./update-features.ts";

/** What a controller finds when it takes over. */
export interface ActivationInput {
  readonly image: ClusterImage;
  /** A transaction was begun and not ended in the log. */
  readonly isInTransaction: boolean;
  /** The records of `bootstrap.checkpoint`. */
  readonly bootstrapRecords: readonly MetadataRecord[];
  /** `min.insync.replicas` of the node's own configuration. */
  readonly minInsyncReplicas: number;
}

/**
 * Decides what a new controller writes first: it aborts what its predecessor left half done, and in
 * a log without any records writes the bootstrap records, in one transaction as Kafka does.
 */
export function decideActivation(input: ActivationInput): readonly MetadataRecord[] {
  const { image, isInTransaction } = input;
  const abort: readonly MetadataRecord[] = isInTransaction ? [abortTransaction()] : [];
  if (image.features.metadataVersion !== 0) return abort;
  const bootstrap = input.bootstrapRecords;
  const level = levelIn(bootstrap, "metadata.version");
  const hasElr = levelIn(bootstrap, ELR_FEATURE) > 0;
  const records = hasElr ? [...bootstrap, minInsyncRecord(input.minInsyncReplicas)] : bootstrap;
  if (!metadataFormatOf(level).hasTransactions) return [...abort, ...records];
  return [
    ...abort,
    { type: "BeginTransactionRecord", version: 0, data: { name: "Bootstrap records" } },
    ...records,
    { type: "EndTransactionRecord", version: 0, data: {} },
  ];
}

/** Gives the feature levels of a freshly formatted folder. */
export function defaultBootstrapRecords(): readonly MetadataRecord[] {
  return supportedFeatures.map(({ name, defaultLevel }) => featureLevel(name, defaultLevel));
}

/** Decides the controller's own registration. */
export function decideRegisterController(
  image: ClusterImage,
  controller: ControllerRegistration,
): readonly MetadataRecord[] {
  const format = metadataFormatOf(image.features.metadataVersion);
  if (!format.hasControllerRegistrations) return [];
  return [
    {
      type: "RegisterControllerRecord",
      version: 0,
      data: {
        controllerId: controller.id,
        incarnationId: controller.incarnationId,
        zkMigrationReady: controller.isZkMigrationReady,
        endPoints: controller.endpoints,
        features: controller.features,
      },
    },
  ];
}

function abortTransaction(): MetadataRecord {
  const data = { reason: "Controller failover" };
  return { type: "AbortTransactionRecord", version: 0, data };
}

function levelIn(records: readonly MetadataRecord[], feature: string): number {
  for (const record of records) {
    if (record.type === "FeatureLevelRecord" && record.data.name === feature) {
      return record.data.featureLevel;
    }
  }
  return 0;
}
