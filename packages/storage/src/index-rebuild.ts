import type { LogEnvironment } from "./log-environment.ts";
import { buildIndexesTask, takeStep } from "./recovery-tasks.ts";
import { segmentPaths } from "./segment-paths.ts";

/** Suffix of indexes that are not complete; what a crash leaves is removed at the next start. */
const buildSuffix = ".tmp";

/**
 * Makes the indexes of a closed segment anew while the log serves, and puts them in the place of
 * the ones that were found wrong. @throws IoError
 */
export async function rebuildIndexes(
  environment: LogEnvironment,
  segment: {
    readonly directory: string;
    readonly baseOffset: number;
    readonly indexIntervalBytes: number;
  },
): Promise<void> {
  const { files, fileSystem } = environment;
  const { directory, baseOffset } = segment;
  const paths = segmentPaths(directory, baseOffset);
  const building = {
    offsetIndex: paths.offsetIndex + buildSuffix,
    timeIndex: paths.timeIndex + buildSuffix,
  };
  const input = { ...segment, logPath: paths.log, paths: building };
  const sizeBytes = fileSystem.stat(paths.log)?.sizeBytes ?? 0;
  await takeStep(environment, buildIndexesTask, { input, sizeBytes });
  for (const name of ["offsetIndex", "timeIndex"] as const) {
    files.forget(building[name]);
    files.forget(paths[name]);
    fileSystem.rename(building[name], paths[name]);
  }
}
