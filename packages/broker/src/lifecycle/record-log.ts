import type { OpenRecordLog, RecordLog } from "@millrace/metadata";
import { METADATA_TOPIC_ID } from "@millrace/protocol";
import {
  defaultLogConfig,
  LogDirectoryError,
  type LogEnvironment,
  openLog,
  type PartitionLog,
} from "@millrace/storage";

/** What the metadata log is opened with. */
export interface RecordLogOptions {
  readonly environment: LogEnvironment;
  /** Whether the last owner of the directory closed it well: nothing is checked then. */
  readonly wasCleanShutdown: boolean;
  /** `metadata.log.segment.bytes`. */
  readonly segmentBytes: number;
  /** `metadata.log.segment.ms`. */
  readonly segmentMs: number;
  /** Called when its disk failed: a node without its metadata log has to stop. */
  readonly onFailure: (error: unknown) => void;
}

/** The metadata log keeps everything until a snapshot has it: `truncatePrefix` says when. */
const metadataLogConfig = {
  ...defaultLogConfig,
  retentionMs: -1,
  retentionBytes: -1,
  maxMessageBytes: 8 * 1024 * 1024,
};

/** Fills metadata's port for its log with storage's log, in Kafka's own files. */
export function recordLogOpener(options: RecordLogOptions): OpenRecordLog {
  const { segmentBytes, segmentMs } = options;
  return async (directory) => {
    let isOffline = false;
    const { log } = await openLog(options.environment, {
      path: directory,
      config: { ...metadataLogConfig, segmentBytes, segmentMs },
      directoryState: {
        get isOffline() {
          return isOffline;
        },
        fail: (error) => {
          isOffline = true;
          options.onFailure(error);
        },
      },
      wasCleanShutdown: options.wasCleanShutdown,
      recoveryPoint: 0,
      logStartOffset: 0,
      highWatermark: 0,
    });
    log.assignTopicId(METADATA_TOPIC_ID);
    return new StoredRecordLog(log);
  };
}

class StoredRecordLog implements RecordLog {
  readonly #log: PartitionLog;

  constructor(log: PartitionLog) {
    this.#log = log;
  }

  get logStartOffset(): number {
    return this.#log.logStartOffset;
  }

  get logEndOffset(): number {
    return this.#log.logEndOffset;
  }

  get latestLeaderEpoch(): number {
    return this.#log.latestLeaderEpoch;
  }

  get sizeBytes(): number {
    return this.#log.sizeBytes;
  }

  append(batches: Buffer, leaderEpoch: number): number {
    const outcome = this.#log.append(batches, {
      origin: "metadata",
      leaderEpoch,
      ownership: "given",
    });
    if (outcome.kind !== "refused") return outcome.baseOffset;
    const { path } = this.#log;
    throw new LogDirectoryError(`the metadata log refused: ${outcome.message}`, { path });
  }

  async read(fromOffset: number, maxBytes: number): Promise<Buffer> {
    const outcome = await this.#log.read({
      offset: fromOffset,
      maxBytes,
      minOneBatch: true,
      isolation: "end",
    });
    if (outcome.kind === "refused") {
      const { path } = this.#log;
      throw new LogDirectoryError(`the metadata log refused: ${outcome.message}`, { path });
    }
    const bytes = Buffer.concat(outcome.chunks);
    outcome.release();
    return bytes;
  }

  async flush(): Promise<void> {
    await this.#log.flush();
    this.#log.advanceHighWatermark(this.#log.logEndOffset);
  }

  truncatePrefix(offset: number): void {
    this.#log.truncatePrefix(offset);
  }

  truncateFullyAndStartAt(offset: number): void {
    this.#log.truncateFullyAndStartAt(offset);
  }

  async close(): Promise<void> {
    await this.#log.close();
  }
}
