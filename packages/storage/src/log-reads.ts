import { IoError } from "@millrace/platform";
import type { AbortedTransactions } from "./aborted-transactions.ts";
import type { LogReader } from "./log-reader.ts";
import type { LogSegments } from "./log-segments.ts";
import type { LogDirectoryState } from "./log-state.ts";
import type { ReadIsolation, ReadOptions, ReadOutcome, RefusedRead } from "./read-outcome.ts";
import type { StorageMetrics } from "./storage-metrics.ts";
import type { RecentTail } from "./recent-batches.ts";

/** How often a read begins again because the files changed under it. */
const attemptsMax = 8;

/** What reads see of their log. */
export interface ReadableLog {
  readonly path: string;
  readonly isOffline: boolean;
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
}

/** What reads use. */
export interface LogReadsParts {
  readonly tail: RecentTail;
  readonly reader: LogReader;
  readonly segments: LogSegments;
  readonly aborted: AbortedTransactions;
  readonly directoryState: LogDirectoryState;
  readonly environment: { readonly metrics: StorageMetrics };
}

/** Batches from memory or from a file. */
interface FoundBatches {
  readonly chunks: readonly Buffer[];
  readonly sizeBytes: number;
  readonly endOffset: number;
  release(): void;
}

/** Serves the reads of one log: from the newest batches in memory, else from its files. */
export class LogReads {
  readonly #log: ReadableLog;
  readonly #parts: LogReadsParts;

  constructor(log: ReadableLog, parts: LogReadsParts) {
    this.#log = log;
    this.#parts = parts;
  }

  /** See `PartitionLog.read`. */
  read(options: ReadOptions): ReadOutcome | Promise<ReadOutcome> {
    const known = this.#refuseOrNothing(options);
    if (known !== undefined) return known;
    const { offset, maxBytes, minOneBatch, isolation } = options;
    const endOffset = this.endOf(isolation);
    const recent = this.#parts.tail.read({ offset, endOffset, maxBytes, minOneBatch });
    if (recent !== undefined) {
      this.#parts.environment.metrics.recentReads.add(1);
      return this.#give(options, recent);
    }
    this.#parts.environment.metrics.fileReads.add(1);
    return this.#readFiles(options, attemptsMax);
  }

  /** Exclusive end of what a reader may see. */
  endOf(isolation: ReadIsolation): number {
    if (isolation === "end") return this.#log.logEndOffset;
    return isolation === "highWatermark" ? this.#log.highWatermark : this.#log.lastStableOffset;
  }

  /** Forgets positions and bytes: the files were cut. */
  forget(): void {
    this.#parts.tail.clear();
    this.#parts.reader.forget();
  }

  #refuseOrNothing(options: ReadOptions): ReadOutcome | undefined {
    const { isOffline, path, logStartOffset, logEndOffset } = this.#log;
    const { offset } = options;
    if (isOffline) return refuse("KAFKA_STORAGE_ERROR", `${path} is offline`);
    if (offset < logStartOffset || offset > logEndOffset) {
      const message = `offset ${offset} is not in ${logStartOffset}..${logEndOffset}`;
      return refuse("OFFSET_OUT_OF_RANGE", message);
    }
    if (offset < this.endOf(options.isolation)) return undefined;
    this.#parts.tail.noteReader();
    return this.#give(options, { chunks: [], sizeBytes: 0, endOffset: offset, release: () => {} });
  }

  async #readFiles(options: ReadOptions, attemptsLeft: number): Promise<ReadOutcome> {
    const known = this.#refuseOrNothing(options);
    if (known !== undefined) return known;
    try {
      const { offset, maxBytes, minOneBatch, isolation } = options;
      const endOffset = this.endOf(isolation);
      const read = await this.#parts.reader.read({ offset, endOffset, maxBytes, minOneBatch });
      if (read !== undefined) {
        const { bytes } = read;
        return this.#give(options, {
          chunks: bytes.length === 0 ? [] : [bytes],
          sizeBytes: bytes.length,
          endOffset: read.endOffset,
          release: () => read.release(),
        });
      }
    } catch (error) {
      const refusal = this.#refuseUnlessGone(error, attemptsLeft);
      if (refusal !== undefined) return refusal;
    }
    return this.#readFiles(options, attemptsLeft - 1);
  }

  /**
   * A file that vanished under a read was deleted by retention, or renamed by a move: look again.
   */
  #refuseUnlessGone(error: unknown, attemptsLeft: number): RefusedRead | undefined {
    if (!(error instanceof IoError)) throw error;
    if (error.systemCode === "ENOENT" && attemptsLeft > 0) {
      this.#parts.reader.forget();
      return undefined;
    }
    if (!this.#log.isOffline) this.#parts.directoryState.fail(error);
    return refuse("KAFKA_STORAGE_ERROR", error.message);
  }

  #give(options: ReadOptions, found: FoundBatches): ReadOutcome {
    const { highWatermark, lastStableOffset, logStartOffset, logEndOffset } = this.#log;
    const endOffset = found.sizeBytes === 0 ? options.offset : found.endOffset;
    return {
      kind: "read",
      chunks: found.chunks,
      sizeBytes: found.sizeBytes,
      endOffset,
      highWatermark,
      lastStableOffset,
      logStartOffset,
      logEndOffset,
      abortedTransactions:
        options.isolation === "lastStable"
          ? this.#parts.aborted.collect({
              segmentBaseOffset: this.#parts.segments.baseOffsetOf(options.offset),
              fromOffset: options.offset,
              endOffset,
            })
          : undefined,
      release: () => found.release(),
    };
  }
}

function refuse(error: RefusedRead["error"], message: string): RefusedRead {
  return { kind: "refused", error, message };
}
