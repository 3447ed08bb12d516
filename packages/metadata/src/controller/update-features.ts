import type { ClusterImage } from "../image/cluster-image.ts";
import { configsOf } from "../image/configs-image.ts";
import { featureLevel } from "../image/image-records.ts";
import { ELR_FEATURE, supportedFeatures } from "../records/feature-levels.ts";
import type { MetadataRecord } from "../records/metadata-record.ts";
import { MIN_INSYNC_REPLICAS } from "./cluster-view.ts";
import type { Decision, DecisionContext } from "./decision.ts";
import { decided } from "./decision.ts";
import type { ItemError } from "./outcome.ts";
import { itemError, noError } from "./outcome.ts";
import type { UpdateFeatureResult, UpdateFeaturesInput } from "./requests.ts";

type Update = UpdateFeaturesInput["featureUpdates"][number];

const UPGRADE_ONLY = 1;
/** From this metadata.version on eligible leader replicas can be written. */
const ELR_METADATA_VERSION = 23;

/** Decides UpdateFeatures: all updates are made, or none. */
export function decideUpdateFeatures(
  context: DecisionContext,
  input: UpdateFeaturesInput,
): Decision<readonly UpdateFeatureResult[]> {
  const results = input.featureUpdates.map((update) => ({
    ...(updateFault(context.image, update) ?? noError),
    feature: update.feature,
  }));
  const isRefused = results.some(({ error }) => error !== "NONE");
  if (isRefused || input.validateOnly) return decided([], results);
  const records: MetadataRecord[] = [];
  for (const { feature, maxVersionLevel } of input.featureUpdates) {
    if (levelOf(context.image, feature) === maxVersionLevel) continue;
    records.push(featureLevel(feature, maxVersionLevel));
    if (feature === ELR_FEATURE && maxVersionLevel > 0) records.push(...elrSafety(context));
  }
  return decided(records, results);
}

function updateFault(image: ClusterImage, update: Update): ItemError | undefined {
  const { feature, maxVersionLevel: level, upgradeType } = update;
  const range = supportedFeatures.find(({ name }) => name === feature);
  const refuse = (reason: string) =>
    itemError(
      "INVALID_UPDATE_VERSION",
      `Invalid update version ${level} for ${feature}: ${reason}`,
    );
  if (range === undefined) return refuse("this cluster does not know the feature.");
  if (level < range.minSupportedVersion || level > range.maxSupportedVersion) {
    const { minSupportedVersion: minimum, maxSupportedVersion: maximum } = range;
    return refuse(`it must be from ${minimum} to ${maximum}.`);
  }
  for (const broker of image.brokers.values()) {
    const supported = broker.features.find(({ name }) => name === feature);
    const maximum = supported?.maxSupportedVersion ?? 0;
    if (level > maximum) return refuse(`broker ${broker.id} supports at most ${maximum}.`);
  }
  const current = levelOf(image, feature);
  if (level >= current) return dependencyFault(image, update);
  if (upgradeType === UPGRADE_ONLY) return refuse(`the level is ${current}; it may only grow.`);
  if (feature !== "metadata.version") return undefined;
  // Older levels cannot hold what newer ones wrote: a snapshot would lose it.
  return refuse("lowering metadata.version is not supported.");
}

function dependencyFault(image: ClusterImage, update: Update): ItemError | undefined {
  const isElr = update.feature === ELR_FEATURE && update.maxVersionLevel > 0;
  if (!isElr || image.features.metadataVersion >= ELR_METADATA_VERSION) return undefined;
  const message = `${ELR_FEATURE} needs metadata.version ${ELR_METADATA_VERSION} or later.`;
  return itemError("INVALID_UPDATE_VERSION", message);
}

// With eligible leader replicas the minimum must be the same for every broker: it becomes metadata.
function elrSafety(context: DecisionContext): readonly MetadataRecord[] {
  const defaults = configsOf(context.image.configs, { type: "broker", name: "" });
  if (defaults.has(MIN_INSYNC_REPLICAS)) return [];
  return [minInsyncRecord(context.defaults.minInsyncReplicas)];
}

/** Gives the record that makes a broker's `min.insync.replicas` the cluster's. */
export function minInsyncRecord(minInsyncReplicas: number): MetadataRecord {
  const value = String(minInsyncReplicas);
  const data = { resourceType: 4, resourceName: "", name: MIN_INSYNC_REPLICAS, value };
  return { type: "ConfigRecord", version: 0, data };
}

function levelOf(image: ClusterImage, feature: string): number {
  if (feature === "metadata.version") return image.features.metadataVersion;
  return image.features.levels.get(feature) ?? 0;
}
