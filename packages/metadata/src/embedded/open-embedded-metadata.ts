import { decideActivation, decideRegisterController } from "../controller/activation.ts";
import { LocalController } from "../controller/local-controller.ts";
import { freshUuid } from "../controller/uuids.ts";
import { SingleCoordination } from "../coordination/single.ts";
import { readBootstrapRecords } from "../directory/bootstrap-file.ts";
import { METADATA_LOG_DIRECTORY } from "../directory/format.ts";
import { readMetaProperties } from "../directory/meta-properties.ts";
import type { ClusterImage } from "../image/cluster-image.ts";
import { emptyImage } from "../image/empty-image.ts";
import { imageDifference } from "../image/image-difference.ts";
import type { MetadataListener, MetadataUpdate } from "../image/image-delta.ts";
import { makeDurableDirectory } from "../log/durable-file.ts";
import { LocalMetadataLog } from "../log/local-metadata-log.ts";
import { QUORUM_STATE_FILE, readQuorumState } from "../log/quorum-state.ts";
import type { RecoveredMetadata } from "../log/recovered-metadata.ts";
import { bootstrapImage, recoverMetadata } from "../log/recovered-metadata.ts";
import type { RecordLog } from "../log/record-log.ts";
import { ActivationError, MetadataFileError } from "../metadata-errors.ts";
import { kraftVersionFeature, supportedFeatures } from "../records/feature-levels.ts";
import type { EmbeddedMetadata, EmbeddedMetadataOptions } from "./embedded-metadata.ts";
import { defaultMetadataLogLimits, SnapshotSchedule } from "./snapshot-schedule.ts";
import {
  refuseForeignQuorum,
  refuseForeignTopics,
  refuseUnservedSecurity,
} from "./supported-metadata.ts";

/**
 * Opens the metadata of a node that is alone, written by Millrace or by a single Apache Kafka node:
 * recovers the image, begins an epoch of its own, and controls from then on. Whatever this version
 * cannot serve is refused before anything is written.
 * @throws UnsupportedMetadataError, MetadataFileError, MetadataReplayError, IoError
 */
export async function openEmbeddedMetadata(
  options: EmbeddedMetadataOptions,
): Promise<EmbeddedMetadata> {
  const { platform, logDirectory, nodeId } = options;
  const { fileSystem } = platform;
  const meta = readMetaProperties(fileSystem, logDirectory);
  if (meta === undefined) {
    throw new MetadataFileError(`${logDirectory} is not formatted`, { path: logDirectory });
  }
  const directory = `${logDirectory}/${METADATA_LOG_DIRECTORY}`;
  makeDurableDirectory(fileSystem, directory);
  const quorumState = readQuorumState(fileSystem, `${directory}/${QUORUM_STATE_FILE}`);
  const bootstrapRecords = readBootstrapRecords(fileSystem, logDirectory);
  const recordLog = await options.openRecordLog(directory);
  try {
    const recovered = await recoverMetadata(directory, recordLog, platform);
    refuseForeignQuorum({ nodeId, directoryId: meta.directoryId }, quorumState, recovered.voters);
    refuseForeignTopics(nodeId, recovered.image);
    // A folder that was formatted and never started has its first records elsewhere.
    const isNew = recovered.image.features.metadataVersion === 0;
    const image = isNew ? bootstrapImage(bootstrapRecords) : recovered.image;
    refuseUnservedSecurity(image, options.servedSecurity ?? []);
    const lastSeenEpoch = Math.max(quorumState?.leaderEpoch ?? 0, recovered.lastEpoch);
    const leadership = await new SingleCoordination().campaign({ nodeId, lastSeenEpoch });
    const metadata = NodeMetadata.start(options, {
      ...recovered,
      recordLog,
      directory,
      controllerEpoch: leadership.epoch,
    });
    await metadata.activate(bootstrapRecords, recovered.isInTransaction);
    metadata.noteRecovered(recovered.tailSizeBytes);
    return metadata;
  } catch (error) {
    await recordLog.close();
    throw error;
  }
}

interface StartedFrom extends RecoveredMetadata {
  readonly recordLog: RecordLog;
  readonly directory: string;
  readonly controllerEpoch: number;
}

class NodeMetadata implements EmbeddedMetadata {
  readonly controller: LocalController;
  readonly #options: EmbeddedMetadataOptions;
  readonly #log: LocalMetadataLog;
  readonly #snapshots: SnapshotSchedule;
  readonly #listeners: MetadataListener[] = [];
  #image: ClusterImage;

  private constructor(
    options: EmbeddedMetadataOptions,
    log: LocalMetadataLog,
    image: ClusterImage,
  ) {
    const { clock, random, logger } = options.platform;
    this.#options = options;
    this.#log = log;
    this.#image = image;
    const limits = { ...defaultMetadataLogLimits, ...options.limits };
    this.#snapshots = new SnapshotSchedule(log, { clock, logger }, limits);
    this.controller = new LocalController({
      log,
      image,
      clusterId: options.clusterId,
      clock,
      random,
      logger,
      configValidator: options.configValidator,
      defaults: options.defaults,
      publish: (update) => {
        this.#publish(update);
        this.#snapshots.onCommitted(update.image, update.sizeBytes);
      },
      onResign: (result) => options.onFatal(`an append to the metadata log is ${result}`),
    });
  }

  static start(options: EmbeddedMetadataOptions, from: StartedFrom): NodeMetadata {
    const { fileSystem, clock, logger } = options.platform;
    const { recordLog, directory, controllerEpoch, voters, snapshots } = from;
    const log = LocalMetadataLog.start({
      recordLog,
      directory,
      fileSystem,
      clock,
      logger,
      nodeId: options.nodeId,
      controllerEpoch,
      voters,
      snapshots,
    });
    return new NodeMetadata(options, log, from.image);
  }

  get controllerEpoch(): number {
    return this.#log.controllerEpoch;
  }

  logEndOffset(): number {
    return this.#log.endOffset;
  }

  image(): ClusterImage {
    return this.#image;
  }

  subscribe(listener: MetadataListener): void {
    this.#listeners.push(listener);
    listener.onMetadata(imageDifference(emptyImage, this.#image));
  }

  /** Writes what a new controller writes first. */
  async activate(
    bootstrapRecords: Parameters<typeof decideActivation>[0]["bootstrapRecords"],
    isInTransaction: boolean,
  ): Promise<void> {
    const { defaults, nodeId, controllerEndpoints, platform } = this.#options;
    const { minInsyncReplicas } = defaults();
    const image = this.#image;
    await this.#write(
      decideActivation({ image, isInTransaction, bootstrapRecords, minInsyncReplicas }),
    );
    await this.#write(
      decideRegisterController(this.#image, {
        id: nodeId,
        incarnationId: freshUuid(platform.random),
        isZkMigrationReady: false,
        endpoints: controllerEndpoints,
        features: [...supportedFeatures, kraftVersionFeature],
      }),
    );
  }

  /** Notes how much of the log the start had to read. */
  noteRecovered(tailSizeBytes: number): void {
    this.#snapshots.onRecovered(this.#image, tailSizeBytes);
  }

  async close(): Promise<void> {
    await this.controller.settle();
    await this.#snapshots.settle();
    await this.#log.close();
  }

  async #write(records: Parameters<LocalController["write"]>[0]): Promise<void> {
    if (records.length === 0) return;
    const written = await this.controller.write(records);
    if (written.kind === "refused") throw new ActivationError(written.message);
  }

  #publish(update: MetadataUpdate): void {
    this.#image = update.image;
    for (const listener of this.#listeners) listener.onMetadata(update);
  }
}
