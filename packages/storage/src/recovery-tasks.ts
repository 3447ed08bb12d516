import type { OffloadTask } from "@millrace/platform";
import type { EpochEntry } from "./leader-epochs.ts";
import type { LogEnvironment } from "./log-environment.ts";
import type { ProducersImage } from "./producer-state.ts";
import {
  type BuildIndexesInput,
  buildIndexesStep,
  type RecoverSegmentInput,
  type RecoverSegmentResult,
  recoverSegmentStep,
  type ReplayInput,
  replayStep,
  scanEpochsStep,
} from "./recovery-steps.ts";

/** The module of the steps: the ending of its file is that of this one, `.ts` or `.js`. */
const moduleUrl = import.meta.url.replace("recovery-tasks", "recovery-steps");

/** `recoverSegmentStep` off the event loop. */
export const recoverSegmentTask: OffloadTask<RecoverSegmentInput, RecoverSegmentResult> = {
  name: "recovery.segment",
  moduleUrl,
  exportName: "recoverSegmentStep",
  inline: recoverSegmentStep,
};

/** `replayStep` off the event loop. */
export const replayTask: OffloadTask<ReplayInput, ProducersImage> = {
  name: "recovery.replay",
  moduleUrl,
  exportName: "replayStep",
  inline: replayStep,
};

/** `buildIndexesStep` off the event loop. */
export const buildIndexesTask: OffloadTask<BuildIndexesInput, void> = {
  name: "recovery.buildIndexes",
  moduleUrl,
  exportName: "buildIndexesStep",
  inline: buildIndexesStep,
};

/** `scanEpochsStep` off the event loop. */
export const scanEpochsTask: OffloadTask<readonly string[], readonly EpochEntry[]> = {
  name: "recovery.scanEpochs",
  moduleUrl,
  exportName: "scanEpochsStep",
  inline: scanEpochsStep,
};

/** All of them, for a bundle's worker, whose modules have no addresses of their own. */
export const recoveryTasks = [
  recoverSegmentTask,
  replayTask,
  buildIndexesTask,
  scanEpochsTask,
] as const;

/**
 * Takes a step that reads `sizeBytes` of files: off the event loop, unless it is so short that to
 * ask a worker for it would take longer.
 * @throws IoError; OffloadError when the worker ended, or the step failed in another way.
 */
export async function takeStep<Input, Result>(
  environment: LogEnvironment,
  task: OffloadTask<Input, Result>,
  { input, sizeBytes }: { readonly input: Input; readonly sizeBytes: number },
): Promise<Result> {
  const { clock, fileSystem, limits, offload } = environment;
  if (sizeBytes > limits.inlineScanBytesMax) return offload.run(task, input);
  // A scan this short ends before anybody has waited for long.
  return task.inline(input, { clock, fileSystem, giveWay: () => {} });
}
