import type { AbortedTransactions } from "./aborted-transactions.ts";
import type { LeaderEpochs } from "./leader-epochs.ts";
import type { LogConfig } from "./log-config.ts";
import type { LogEnvironment } from "./log-environment.ts";
import type { LogReader } from "./log-reader.ts";
import type { LogSegments } from "./log-segments.ts";
import type { ProducerSnapshots } from "./producer-snapshots.ts";
import type { ProducerState } from "./producer-state.ts";
import type { RecentTail } from "./recent-batches.ts";

/** What a log needs of the directory that it lives in. */
export interface LogDirectoryState {
  /** It failed: nothing is written or read any more. */
  readonly isOffline: boolean;
  /** Takes it offline for good. */
  fail(error: unknown): void;
  /** A write was refused because its volume is full, which is no failure: an operator is told. */
  noRoom?(error: unknown): void;
  /** A log was cut below what was durable: no recovery point may stay above. @throws IoError */
  lowerRecoveryPoints?(): void;
  /** Makes the entries of the log directory durable, once for many new logs. @throws IoError */
  syncEntries?(): Promise<void>;
}

/** Everything that loading finds out about a log. */
export interface LogState {
  readonly environment: LogEnvironment;
  readonly directoryState: LogDirectoryState;
  readonly topic: string;
  readonly partition: number;
  readonly topicId: string | undefined;
  readonly path: string;
  readonly isFuture: boolean;
  readonly config: LogConfig;
  readonly segments: LogSegments;
  readonly epochs: LeaderEpochs;
  readonly producers: ProducerState;
  readonly snapshots: ProducerSnapshots;
  readonly aborted: AbortedTransactions;
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  readonly highWatermark: number;
  readonly durableOffset: number;
  /** The directory is not known to be durable: it is new, or its maker did not stop cleanly. */
  readonly isNew: boolean;
  /** Files that recovery read or wrote: they may lie in the page cache only. */
  readonly recoveredFiles: readonly string[];
  /** A clean stop must complete its files even if nothing is appended: recovery changed them. */
  readonly isChanged: boolean;
}

/** Parts of a log that the cleaner works on. */
export interface LogParts {
  readonly environment: LogEnvironment;
  readonly directoryState: LogDirectoryState;
  readonly aborted: AbortedTransactions;
  readonly producers: ProducerState;
  readonly snapshots: ProducerSnapshots;
  readonly reader: LogReader;
  readonly tail: RecentTail;
}
