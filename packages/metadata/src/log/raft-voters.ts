import {
  KRaftVersionRecord,
  LeaderChangeMessage,
  messageCodec,
  SnapshotFooterRecord,
  SnapshotHeaderRecord,
  VotersRecord,
} from "@millrace/protocol";
import type { MessageInput, MessageOf, MessageSchema } from "@millrace/protocol";

import { UnsupportedMetadataError } from "../metadata-errors.ts";
import { kraftVersionFeature } from "../records/feature-levels.ts";
import type { ControlRecord } from "./raft-batch.ts";

/** Who votes in the raft quorum, as the log itself says (KIP-853). */
export interface RaftVoters {
  /** 0: the voters are in every node's configuration; 1: they are in the log. */
  readonly kraftVersion: number;
  /** Undefined when the log names none. */
  readonly voters: MessageOf<typeof VotersRecord> | undefined;
}

/** What an empty log says. */
export const noVoters: RaftVoters = { kraftVersion: 0, voters: undefined };

const CONTROL_VERSION = 0;

/** Gives what a log says after a control record. */
export function votersAfter(before: RaftVoters, record: ControlRecord): RaftVoters {
  if (record.type === "KRAFT_VERSION") {
    const { kRaftVersion } = messageCodec(KRaftVersionRecord, CONTROL_VERSION).decode(record.value);
    if (kRaftVersion > kraftVersionFeature.maxSupportedVersion) {
      throw new UnsupportedMetadataError(
        `kraft.version is ${kRaftVersion}; the newest known is ${kraftVersionFeature.maxSupportedVersion}`,
      );
    }
    return { ...before, kraftVersion: kRaftVersion };
  }
  if (record.type !== "KRAFT_VOTERS") return before;
  const voters = messageCodec(VotersRecord, CONTROL_VERSION).decode(record.value);
  return { ...before, voters };
}

/** Gives the control records that say the same. */
export function votersRecords(voters: RaftVoters): readonly EncodedControl[] {
  const records: EncodedControl[] = [];
  if (voters.kraftVersion > 0) records.push(kraftVersionRecord(voters.kraftVersion));
  if (voters.voters !== undefined) {
    records.push({ type: "KRAFT_VOTERS", value: encode(VotersRecord, voters.voters) });
  }
  return records;
}

/** Gives the record by which a leader begins its epoch. */
export function leaderChange(nodeId: number): EncodedControl {
  const voters = [{ voterId: nodeId }];
  const value = { version: CONTROL_VERSION, leaderId: nodeId, voters, grantingVoters: voters };
  return { type: "LEADER_CHANGE", value: encode(LeaderChangeMessage, value) };
}

/** Gives the record that opens a snapshot. */
export function snapshotHeader(lastContainedLogTimestamp: number): EncodedControl {
  const value = { version: CONTROL_VERSION, lastContainedLogTimestamp };
  return { type: "SNAPSHOT_HEADER", value: encode(SnapshotHeaderRecord, value) };
}

/** Gives the record that closes a snapshot. */
export function snapshotFooter(): EncodedControl {
  const value = encode(SnapshotFooterRecord, { version: CONTROL_VERSION });
  return { type: "SNAPSHOT_FOOTER", value };
}

/** A control record to write. */
export interface EncodedControl {
  readonly type: NonNullable<ControlRecord["type"]>;
  readonly value: Uint8Array;
}

function kraftVersionRecord(kRaftVersion: number): EncodedControl {
  const value = encode(KRaftVersionRecord, { version: CONTROL_VERSION, kRaftVersion });
  return { type: "KRAFT_VERSION", value };
}

function encode<Schema extends MessageSchema>(schema: Schema, value: MessageInput<Schema>): Buffer {
  return Buffer.concat(messageCodec(schema, CONTROL_VERSION).encode(value));
}
