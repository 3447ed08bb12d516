import type { GroupConfig } from "../group-config.ts";
import type { OffsetCommitRecord } from "../group-records.ts";
import type { Group } from "../group-state.ts";
import type { OffsetStore } from "./offset-store.ts";
import { subscribedTopics } from "./subscribed-topics.ts";

/**
 * Gives the tombstones of a group's offsets that have expired: KIP-211. An offset expires
 * `offsets.retention.minutes` after the group became empty, or, in a group that manages itself,
 * after its last commit; in a group of consumers with members, when nobody reads its topic any
 * more.
 */
export function expiredOffsets(
  store: OffsetStore,
  group: Group | undefined,
  options: { readonly groupId: string; readonly nowMs: number; readonly config: GroupConfig },
): readonly OffsetCommitRecord[] {
  const { groupId, nowMs, config } = options;
  const read = group === undefined ? undefined : subscribedTopics(group);
  if (group !== undefined && group.members.size > 0 && read === undefined) return [];
  const records: OffsetCommitRecord[] = [];
  for (const { topic, partition, committed } of store.entries(groupId)) {
    if (read?.has(topic) === true || store.isOpen(groupId, topic, partition)) continue;
    const sinceMs = Math.max(emptySinceMs(group), committed.commitTimestampMs);
    const expiresMs = committed.expireTimestampMs ?? sinceMs + config.offsetsRetentionMs;
    if (nowMs < expiresMs) continue;
    records.push({ kind: "offset-commit", groupId, topic, partition, value: null });
  }
  return records;
}

/** When a classic group that manages itself became empty; 0 for any other. */
function emptySinceMs(group: Group | undefined): number {
  if (group?.kind !== "classic") return 0;
  return group.protocolType !== null && group.state === "empty" ? group.stateSinceMs : 0;
}
