import {
  type MessageOf,
  ShareSnapshotKey,
  ShareSnapshotValue,
  ShareUpdateKey,
  ShareUpdateValue,
} from "@millrace/protocol";
import {
  decodeKey,
  decodeValue,
  type EncodedRecord,
  encodeKey,
  encodeValue,
  recordType,
} from "../runtime/index.ts";
import type { SharePartitionKey } from "./share-partition-key.ts";

/** A record of `__share_group_state`. */
export type ShareStateRecord = ShareSnapshotRecord | ShareUpdateRecord;

/** The whole state of a share partition; null removes it. */
export interface ShareSnapshotRecord extends SharePartitionKey {
  readonly kind: "share-snapshot";
  readonly value: MessageOf<typeof ShareSnapshotValue> | null;
}

/** What has changed since the snapshot. */
export interface ShareUpdateRecord extends SharePartitionKey {
  readonly kind: "share-update";
  readonly value: MessageOf<typeof ShareUpdateValue>;
}

/** Both values have one version. */
const VERSION = 0;

/** The bytes of a record, as Apache Kafka 4.3 writes them. */
export function encodeShareStateRecord(record: ShareStateRecord): EncodedRecord {
  const { groupId, topicId, partition } = record;
  const fields = { groupId, topicId, partition };
  if (record.kind === "share-update") {
    const value = encodeValue(ShareUpdateValue, VERSION, record.value);
    return { key: encodeKey(ShareUpdateKey, fields), value };
  }
  const value = record.value && encodeValue(ShareSnapshotValue, VERSION, record.value);
  return { key: encodeKey(ShareSnapshotKey, fields), value };
}

/** Reads a record; undefined for one of a kind that is not known here. */
export function decodeShareStateRecord({
  key,
  value,
}: EncodedRecord): ShareStateRecord | undefined {
  switch (recordType(key)) {
    case ShareSnapshotKey.apiKey:
      return {
        kind: "share-snapshot",
        ...decodeKey(ShareSnapshotKey, key),
        value: decodeValue(ShareSnapshotValue, value),
      };
    case ShareUpdateKey.apiKey: {
      const update = decodeValue(ShareUpdateValue, value);
      // An update has no tombstone: the snapshot's removes both.
      if (update === null) return undefined;
      return { kind: "share-update", ...decodeKey(ShareUpdateKey, key), value: update };
    }
    default:
      return undefined;
  }
}
