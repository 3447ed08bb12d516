import type { GroupTypes, InitializeShareStates, Shard } from "@millrace/coordinators";
import { errorCodes, type Uuid } from "@millrace/protocol";

import type { ShareStatePersister } from "../share/persister.ts";

type Sets = Map<Uuid, Set<number>>;

/**
 * Begins the states of a share group's partitions with the share coordinator, and tells the group's
 * shard which of them are there and which have to be tried again.
 */
export async function initializeShareStates(
  effect: InitializeShareStates,
  shard: Shard<GroupTypes>,
  persister: ShareStatePersister,
): Promise<void> {
  const { groupId, stateEpoch } = effect;
  const answer = await persister.initializeState({
    groupId,
    topics: [...effect.topics].map(([topicId, partitions]) => ({
      topicId,
      partitions: [...partitions].map((partition) => ({ partition, stateEpoch, startOffset: -1 })),
    })),
  });
  const begun: Sets = new Map();
  const failed: Sets = new Map();
  for (const { topicId, partitions } of answer.results) {
    for (const { partition, errorCode } of partitions) {
      add(errorCode === errorCodes.NONE ? begun : failed, topicId, partition);
    }
  }
  if (begun.size > 0) await shard.submit({ kind: "share-initialized", groupId, topics: begun });
  if (failed.size === 0) return;
  await shard.submit({ kind: "share-not-initialized", groupId, topics: failed });
}

function add(sets: Sets, topicId: Uuid, partition: number): void {
  const known = sets.get(topicId) ?? new Set();
  sets.set(topicId, known.add(partition));
}
