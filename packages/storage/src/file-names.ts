import { assert } from "@millrace/platform";

/** What a segment's files end with. */
export const segmentSuffixes = {
  log: ".log",
  offsetIndex: ".index",
  timeIndex: ".timeindex",
  transactionIndex: ".txnindex",
} as const;

/** Producer state as of an offset. */
export const snapshotSuffix = ".snapshot";
/** A file that waits for its deletion. */
export const deletedSuffix = ".deleted";
/** A segment that the cleaner has not finished writing. */
export const cleanedSuffix = ".cleaned";
/** A segment that the cleaner finished and that takes the place of others. */
export const swapSuffix = ".swap";
/** The cluster metadata's snapshots, which live beside its log and are not this package's. */
export const metadataSnapshotSuffix = ".checkpoint";

/** Names of the files of one log. */
export const logFileNames = {
  leaderEpochs: "leader-epoch-checkpoint",
  partitionMetadata: "partition.metadata",
} as const;

/** Names of the files of a log directory. */
export const directoryFileNames = {
  lock: ".lock",
  metaProperties: "meta.properties",
  cleanShutdown: ".kafka_cleanshutdown",
  recoveryPoints: "recovery-point-offset-checkpoint",
  logStartOffsets: "log-start-offset-checkpoint",
  highWatermarks: "replication-offset-checkpoint",
  cleanerOffsets: "cleaner-offset-checkpoint",
} as const;

const offsetDigits = 20;
/** ext4 and most others take 255 bytes in a name; Kafka shortens topics in renamed directories. */
const directoryNameLengthMax = 255;

/** Gives the name of a file that begins at an offset: 20 digits and a suffix. */
export function offsetFileName(offset: number, suffix: string): string {
  return String(offset).padStart(offsetDigits, "0") + suffix;
}

/** Reads the offset that a file name begins with; undefined when it does not begin with one. */
export function offsetOfFileName(name: string): number | undefined {
  const match = /^(\d{1,20})(?:\.|-)/u.exec(name);
  if (match === null) return undefined;
  const offset = Number(match[1]);
  return Number.isSafeInteger(offset) ? offset : undefined;
}

/** What the name of a log's directory says. */
export interface LogDirectoryName {
  readonly topic: string;
  readonly partition: number;
  readonly state: "current" | "future" | "delete" | "stray";
}

/** Gives the name of a log's directory: `orders-0`. */
export function logDirectoryName(topic: string, partition: number): string {
  return `${topic}-${partition}`;
}

/**
 * Gives the name that a log's directory gets when it changes its state: topic, partition, 32
 * random hex digits and the state, the topic cut where the whole would be too long.
 */
export function renamedLogDirectoryName(options: {
  readonly topic: string;
  readonly partition: number;
  readonly uniqueHex: string;
  readonly state: "future" | "delete" | "stray";
}): string {
  assert(/^[0-9a-f]{32}$/u.test(options.uniqueHex), "a directory's unique part is 32 hex digits");
  const suffix = `-${options.partition}.${options.uniqueHex}-${options.state}`;
  const topic = options.topic.slice(0, directoryNameLengthMax - suffix.length);
  return topic + suffix;
}

/** Reads the name of a log's directory; undefined when it is not one. */
export function parseLogDirectoryName(name: string): LogDirectoryName | undefined {
  const renamed = /^(.+)-(\d+)\.[^.]+-(future|delete|stray)$/u.exec(name);
  const current = renamed ?? /^(.+)-(\d+)$/u.exec(name);
  if (current === null) return undefined;
  const [, topic = "", partitionText = "", state = "current"] = current;
  const partition = Number(partitionText);
  if (partition > 0x7fffffff) return undefined;
  if (state === "future" || state === "delete" || state === "stray") {
    return { topic, partition, state };
  }
  return { topic, partition, state: "current" };
}

/** Puts a directory and a name together. */
export function joinPath(directory: string, name: string): string {
  return directory.endsWith("/") ? directory + name : `${directory}/${name}`;
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
