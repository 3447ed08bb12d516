import type { Clock, Logger } from "@millrace/platform";

import type { ClusterImage } from "../image/cluster-image.ts";
import type { MetadataLog } from "../log/metadata-log.ts";
import type { MetadataLogLimits } from "./embedded-metadata.ts";

/** Kafka's defaults. */
export const defaultMetadataLogLimits: MetadataLogLimits = {
  maxRecordBytesBetweenSnapshots: 20 * 1024 * 1024,
  maxSnapshotIntervalMs: 60 * 60 * 1000,
};

/**
 * A longer tail found at a start is made a snapshot: each restart appends two records for each
 * partition, and every start would read those of all before.
 */
const TAIL_SIZE_BYTES_MAX = 512 * 1024;

/** Writes snapshots when enough was appended, or long enough ago; one at a time. */
export class SnapshotSchedule {
  readonly #log: MetadataLog;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #limits: MetadataLogLimits;
  #bytesSinceSnapshot = 0;
  #lastSnapshotMs: number;
  #writing: Promise<void> | undefined;

  constructor(
    log: MetadataLog,
    world: { readonly clock: Clock; readonly logger: Logger },
    limits: MetadataLogLimits,
  ) {
    this.#log = log;
    this.#clock = world.clock;
    this.#logger = world.logger;
    this.#limits = limits;
    this.#lastSnapshotMs = world.clock.monotonicMs();
  }

  /** Notes that an image was committed, and starts a snapshot of it if one is due. */
  onCommitted(image: ClusterImage, sizeBytes: number): void {
    this.#bytesSinceSnapshot += sizeBytes;
    if (this.#isDue()) this.#begin(image);
  }

  /** Notes what a start had to read, and makes a snapshot of its image if that was long. */
  onRecovered(image: ClusterImage, tailSizeBytes: number): void {
    this.#bytesSinceSnapshot += tailSizeBytes;
    if (tailSizeBytes > TAIL_SIZE_BYTES_MAX) this.#begin(image);
  }

  /** Waits for a snapshot that is being written. */
  async settle(): Promise<void> {
    await this.#writing;
  }

  #begin(image: ClusterImage): void {
    if (this.#writing !== undefined) return;
    this.#bytesSinceSnapshot = 0;
    this.#lastSnapshotMs = this.#clock.monotonicMs();
    this.#writing = this.#write(image).finally(() => {
      this.#writing = undefined;
    });
  }

  #isDue(): boolean {
    const { maxRecordBytesBetweenSnapshots, maxSnapshotIntervalMs } = this.#limits;
    if (this.#bytesSinceSnapshot >= maxRecordBytesBetweenSnapshots) return true;
    const elapsedMs = this.#clock.monotonicMs() - this.#lastSnapshotMs;
    return maxSnapshotIntervalMs > 0 && elapsedMs >= maxSnapshotIntervalMs;
  }

  async #write(image: ClusterImage): Promise<void> {
    const { lastContainedOffset } = image.provenance;
    try {
      await this.#log.writeSnapshot(image);
      this.#logger.info("metadata snapshot written", { lastContainedOffset });
    } catch (error) {
      // The log still has everything: a full disk costs a snapshot, not metadata. It is tried again
      // when the next one is due.
      this.#logger.warn("a metadata snapshot could not be written", { lastContainedOffset, error });
    }
  }
}
