import type { Uuid } from "@millrace/protocol";

import type { MetadataFormat } from "../records/feature-levels.ts";
import type { MetadataRecord, MetadataRecordData } from "../records/metadata-record.ts";
import {
  leaderRecoveryStateIds,
  NO_LEADER_CHANGE,
  unchangedPartition,
} from "../image/partition-records.ts";
import { directoryIds, NO_LEADER } from "../image/topics-image.ts";
import type { PartitionImage } from "../image/topics-image.ts";

/** How a leader is looked for. */
export type Election =
  /** The first replica if it is in the ISR, else whoever leads now, else any of the ISR. */
  | "preferred"
  /** Whoever leads now, else any of the ISR. */
  | "online"
  /** As `online`; if nobody qualifies, any replica that is alive, losing what it has not. */
  | "unclean";

/** What a partition is to become. */
export interface PartitionChange {
  readonly partition: PartitionImage;
  readonly topicId: Uuid;
  readonly partitionId: number;
  readonly format: MetadataFormat;
  /** KIP-966 is on: an ISR below the minimum keeps its former members as eligible leaders. */
  readonly isElrEnabled: boolean;
  /** `min.insync.replicas` of the topic, at most its replication factor. */
  readonly minInsyncReplicas: number;
  readonly election: Election;
  /** The ISR without whoever leaves it; what it is now when not given. */
  readonly targetIsr?: readonly number[];
  /** A broker that may have lost acknowledged data: it is in neither ISR nor ELR afterwards. */
  readonly uncleanReplica?: number | undefined;
  /** Directory ids by broker that differ from now. */
  readonly directories?: ReadonlyMap<number, Uuid>;
  readonly isAcceptableLeader: (brokerId: number) => boolean;
}

interface Elected {
  readonly leader: number;
  readonly isUnclean: boolean;
}

type Fields = Mutable<MetadataRecordData["PartitionChangeRecord"]>;
type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/**
 * Decides the record that takes a partition from what it is to what it shall be: elects a leader if
 * it needs one, and keeps ISR, ELR and last known leader as KIP-966 says.
 * @returns undefined when nothing changes.
 */
export function decidePartitionChange(change: PartitionChange): MetadataRecord | undefined {
  const { partition, format } = change;
  const fields: Fields = { ...unchangedPartition(change) };
  const { isr, elr } = electInto(fields, change);
  if (!areEqual(elr, partition.elr)) fields.eligibleLeaderReplicas = elr;
  // Without KIP-966 the last member stays in the ISR for ever: it is where the data is.
  const mayIsrChange = isr.length > 0 || change.isElrEnabled;
  if (mayIsrChange && !areEqual(isr, partition.isr)) fields.isr = isr;
  if (format.bumpsLeaderEpochOnIsrShrink) bumpEpochOnShrink(fields, partition);
  if (change.isElrEnabled) keepLastKnownLeader(fields, partition);
  else if (partition.lastKnownElr.length > 0) fields.lastKnownElr = [];
  if (format.hasDirectories) setDirectories(fields, change);
  if (isUnchanged(fields)) return undefined;
  return {
    type: "PartitionChangeRecord",
    version: format.partitionChangeRecordVersion,
    data: fields,
  };
}

interface ReplicaSets {
  readonly isr: readonly number[];
  readonly elr: readonly number[];
}

// Notes the leader, if it is another one, and gives ISR and ELR as they are afterwards.
function electInto(fields: Fields, change: PartitionChange): ReplicaSets {
  const { partition } = change;
  const isr = change.targetIsr ?? partition.isr;
  const elr = eligibleAfter(change, isr);
  const { leader, isUnclean } = elect(change, isr, elr);
  if (leader === partition.leader) return { isr, elr };
  fields.leader = leader;
  if (isUnclean) {
    if (partition.leaderRecoveryState === "recovered") {
      fields.leaderRecoveryState = leaderRecoveryStateIds.recovering;
    }
    return { isr: [leader], elr: [] };
  }
  if (!elr.includes(leader)) return { isr, elr };
  return { isr: [leader], elr: elr.filter((replica) => replica !== leader) };
}

// KIP-966: who was in the ISR when it fell below the minimum, and stopped in an orderly way, still
// has everything that was acknowledged.
function eligibleAfter(change: PartitionChange, isr: readonly number[]): readonly number[] {
  const { partition } = change;
  if (!change.isElrEnabled || isr.length >= change.minInsyncReplicas) return [];
  const candidates = new Set([...partition.elr, ...partition.isr]);
  return [...candidates].filter(
    (replica) => !isr.includes(replica) && replica !== change.uncleanReplica,
  );
}

function elect(change: PartitionChange, isr: readonly number[], elr: readonly number[]): Elected {
  const { partition, isAcceptableLeader } = change;
  const { replicas, leader } = partition;
  const isValid = (replica: number) =>
    (isr.length > 0 ? isr : elr).includes(replica) && isAcceptableLeader(replica);
  const preferred = replicas[0];
  if (change.election === "preferred" && preferred !== undefined && isValid(preferred)) {
    return { leader: preferred, isUnclean: false };
  }
  if (isValid(leader)) return { leader, isUnclean: false };
  const online = replicas.find(isValid);
  if (online !== undefined) return { leader: online, isUnclean: false };
  const lastKnown = partition.lastKnownElr[0];
  const mayUseLastKnown = change.isElrEnabled && isr.length === 0 && elr.length === 0;
  if (mayUseLastKnown && lastKnown !== undefined && partition.lastKnownElr.length === 1) {
    if (isAcceptableLeader(lastKnown)) return { leader: lastKnown, isUnclean: true };
  }
  if (change.election === "unclean") {
    const alive = replicas.find(isAcceptableLeader);
    if (alive !== undefined) return { leader: alive, isUnclean: true };
  }
  return { leader: NO_LEADER, isUnclean: false };
}

function bumpEpochOnShrink(fields: Fields, partition: PartitionImage): void {
  const isr = fields.isr;
  if (isr === null || fields.leader !== NO_LEADER_CHANGE) return;
  if (partition.isr.some((replica) => !isr.includes(replica))) fields.leader = partition.leader;
}

// The last known leader is noted when a partition loses its last in-sync replica and forgotten when
// it has a leader again.
function keepLastKnownLeader(fields: Fields, partition: PartitionImage): void {
  const { lastKnownElr, leader } = partition;
  if (fields.isr?.length === 0 && (lastKnownElr.length !== 1 || lastKnownElr[0] !== leader)) {
    fields.lastKnownElr = [leader];
    return;
  }
  const hasLeader = fields.leader >= 0 || (leader !== NO_LEADER && fields.leader !== NO_LEADER);
  if (hasLeader && lastKnownElr.length > 0) fields.lastKnownElr = [];
}

function setDirectories(fields: Fields, change: PartitionChange): void {
  const { directories } = change;
  if (directories === undefined) return;
  const { partition } = change;
  const after = partition.replicas.map(
    (replica, index) =>
      directories.get(replica) ?? partition.directories[index] ?? directoryIds.unassigned,
  );
  if (!areEqual(after, partition.directories)) fields.directories = after;
}

function isUnchanged(fields: Fields): boolean {
  const { isr, leader, eligibleLeaderReplicas, lastKnownElr, directories } = fields;
  const changes = [isr, eligibleLeaderReplicas, lastKnownElr, directories];
  return leader === NO_LEADER_CHANGE && changes.every((change) => change === null);
}

function areEqual<T>(left: readonly T[], right: readonly T[]): boolean {
  return left.length === right.length && left.every((value, index) => value === right[index]);
}
