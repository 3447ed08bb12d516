/** Which part of the log a snapshot stands for. */
export interface SnapshotId {
  /** Exclusive: the first offset that it does not contain. */
  readonly endOffset: number;
  /** The epoch of the last record that it contains. */
  readonly leaderEpoch: number;
}

const OFFSET_DIGITS = 20;
const EPOCH_DIGITS = 10;
const SUFFIX = ".checkpoint";
const name = /^(\d{20})-(\d{10})\.checkpoint$/;

/** Gives the name of a snapshot's file, as Kafka names it. */
export function snapshotFileName({ endOffset, leaderEpoch }: SnapshotId): string {
  const offset = String(endOffset).padStart(OFFSET_DIGITS, "0");
  return `${offset}-${String(leaderEpoch).padStart(EPOCH_DIGITS, "0")}${SUFFIX}`;
}

/** Gives which snapshot a file is; undefined if it is none. */
export function parseSnapshotFileName(fileName: string): SnapshotId | undefined {
  const match = name.exec(fileName);
  if (match === null) return undefined;
  return { endOffset: Number(match[1]), leaderEpoch: Number(match[2]) };
}

/** Whether a file is what was left of a snapshot that was being written or removed. */
export function isSnapshotRemnant(fileName: string): boolean {
  return /^\d{20}-\d{10}\.checkpoint(\.deleted|.*\.part|\.tmp)$/.test(fileName);
}
