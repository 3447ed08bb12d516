import type { OffloadTask } from "@millrace/platform";
import {
  type BuildMapInput,
  type BuildMapResult,
  buildOffsetMap,
  type CleanSegmentsInput,
  type CleanSegmentsResult,
  cleanSegments,
  type OfferInput,
  offerCleanedSegment,
  syncDirectory,
} from "./compaction-steps.ts";

/** The module of the steps: the ending of its file is that of this one, `.ts` or `.js`. */
const moduleUrl = import.meta.url.replace("compaction-tasks", "compaction-steps");

/** `buildOffsetMap` off the event loop. */
export const buildOffsetMapTask: OffloadTask<BuildMapInput, BuildMapResult> = {
  name: "compaction.buildOffsetMap",
  moduleUrl,
  exportName: "buildOffsetMap",
  inline: buildOffsetMap,
};

/** `cleanSegments` off the event loop. */
export const cleanSegmentsTask: OffloadTask<CleanSegmentsInput, CleanSegmentsResult> = {
  name: "compaction.cleanSegments",
  moduleUrl,
  exportName: "cleanSegments",
  inline: cleanSegments,
};

/** `offerCleanedSegment` off the event loop. */
export const offerCleanedSegmentTask: OffloadTask<OfferInput, void> = {
  name: "compaction.offerCleanedSegment",
  moduleUrl,
  exportName: "offerCleanedSegment",
  inline: offerCleanedSegment,
};

/** `syncDirectory` off the event loop. */
export const syncDirectoryTask: OffloadTask<string, void> = {
  name: "compaction.syncDirectory",
  moduleUrl,
  exportName: "syncDirectory",
  inline: syncDirectory,
};

/** All of them, for a bundle's worker, whose modules have no addresses of their own. */
export const compactionTasks = [
  buildOffsetMapTask,
  cleanSegmentsTask,
  offerCleanedSegmentTask,
  syncDirectoryTask,
] as const;
