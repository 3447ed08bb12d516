import type { OffloadContext } from "@millrace/platform";
import { batchHeader as header } from "@millrace/protocol";
import { BatchFileReader } from "./batch-file-reader.ts";
import { CorruptLogError } from "./errors.ts";
import { IndexBuilder } from "./index-builder.ts";
import type { EpochEntry } from "./leader-epochs.ts";
import { OpenFiles } from "./open-files.ts";
import { type Replay, replayBatches } from "./producer-replay.ts";
import { ProducerState, type ProducersImage } from "./producer-state.ts";
import { type RecoveredSegment, recoverSegment } from "./segment-recovery.ts";
import type { SegmentPaths } from "./segment-paths.ts";

// The long walks through a log's files, each as a step that a worker thread can take: it opens the
// files by their paths, and all that it is told and tells survives structured cloning.

/** A step has no more files open at once than one segment has. */
const openFilesMax = 8;

/** `recoverSegment` with what is known of producers and epochs before the segment. */
export interface RecoverSegmentInput {
  readonly directory: string;
  readonly baseOffset: number;
  readonly indexIntervalBytes: number;
  readonly recoveryPoint: number;
  readonly producers: ProducersImage;
  readonly latestEpoch: number;
}

/** What recovery found, and what is known of producers and epochs behind the segment. */
export type RecoverSegmentResult =
  | {
      readonly kind: "recovered";
      readonly segment: RecoveredSegment;
      readonly producers: ProducersImage;
      /** Epochs that began in the segment. */
      readonly epochs: readonly EpochEntry[];
    }
  | { readonly kind: "corrupt"; readonly message: string; readonly path: string };

/** Recovers a segment. @throws IoError */
export function recoverSegmentStep(
  input: RecoverSegmentInput,
  context: OffloadContext,
): RecoverSegmentResult {
  const producers = ProducerState.of(input.producers);
  const epochs = new NewEpochs(input.latestEpoch);
  return withFiles(context, (files) => {
    try {
      const environment = { files, fileSystem: context.fileSystem };
      const segment = recoverSegment(environment, { ...input, producers, epochs });
      return { kind: "recovered", segment, producers: producers.image(), epochs: epochs.entries };
    } catch (error) {
      if (!(error instanceof CorruptLogError)) throw error;
      return { kind: "corrupt", message: error.reason, path: error.path };
    }
  });
}

/** `replayBatches` upon the state that a snapshot gave. */
export interface ReplayInput extends Replay {
  readonly producers: ProducersImage;
}

/** Replays batches; gives the state of their producers afterwards. @throws IoError */
export function replayStep(input: ReplayInput, context: OffloadContext): ProducersImage {
  const producers = ProducerState.of(input.producers);
  withFiles(context, (files) => replayBatches(files, producers, input));
  return producers.image();
}

/** Which indexes are built from which batches. */
export interface BuildIndexesInput {
  /** The segment's batches. */
  readonly logPath: string;
  /** The files that the indexes are written to. */
  readonly paths: Pick<SegmentPaths, "offsetIndex" | "timeIndex">;
  readonly baseOffset: number;
  readonly indexIntervalBytes: number;
}

/** Builds the offset and the time index of a closed segment. @throws IoError */
export function buildIndexesStep(input: BuildIndexesInput, context: OffloadContext): void {
  withFiles(context, (files) => {
    const builder = new IndexBuilder({ files }, input);
    const log = files.get(input.logPath);
    const reader = new BatchFileReader(log, { start: 0, end: log.sizeBytes() });
    while (reader.next()) builder.add(reader.buffer, reader.at, reader);
    builder.finish();
  });
}

/** Reads from batches where each leader epoch began. @throws IoError */
export function scanEpochsStep(
  logPaths: readonly string[],
  context: OffloadContext,
): readonly EpochEntry[] {
  const epochs = new NewEpochs(-1);
  withFiles(context, (files) => {
    for (const path of logPaths) {
      const file = files.get(path);
      const reader = new BatchFileReader(file, { start: 0, end: file.sizeBytes() });
      while (reader.next()) {
        const epoch = header.partitionLeaderEpoch(reader.buffer, reader.at);
        if (epoch <= epochs.latestEpoch) continue;
        epochs.assign(epoch, header.baseOffset(reader.buffer, reader.at));
      }
    }
  });
  return epochs.entries;
}

/** Collects epochs that are newer than all before. */
class NewEpochs {
  latestEpoch: number;
  readonly entries: EpochEntry[] = [];

  constructor(latestEpoch: number) {
    this.latestEpoch = latestEpoch;
  }

  assign(epoch: number, startOffset: number): void {
    this.latestEpoch = epoch;
    this.entries.push({ epoch, startOffset });
  }
}

function withFiles<Result>(
  { fileSystem }: OffloadContext,
  action: (files: OpenFiles) => Result,
): Result {
  const files = new OpenFiles(fileSystem, openFilesMax);
  try {
    return action(files);
  } finally {
    files.close();
  }
}
