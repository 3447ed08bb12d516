import { joinPath, offsetFileName, segmentSuffixes } from "./file-names.ts";

/** The files of one segment. */
export interface SegmentPaths {
  readonly log: string;
  readonly offsetIndex: string;
  readonly timeIndex: string;
  readonly transactionIndex: string;
}

/**
 * Gives the files of the segment that begins at an offset; `state` is "", ".cleaned" or ".swap".
 */
export function segmentPaths(directory: string, baseOffset: number, state = ""): SegmentPaths {
  const path = (suffix: string): string =>
    joinPath(directory, offsetFileName(baseOffset, suffix + state));
  return {
    log: path(segmentSuffixes.log),
    offsetIndex: path(segmentSuffixes.offsetIndex),
    timeIndex: path(segmentSuffixes.timeIndex),
    transactionIndex: path(segmentSuffixes.transactionIndex),
  };
}
