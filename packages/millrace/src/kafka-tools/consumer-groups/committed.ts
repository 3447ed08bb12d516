import type { CommittedOffset } from "@millrace/client";
import { outcomeOf } from "../outcome.ts";
import type { GroupTask } from "./group-task.ts";

/** What a group has committed, by `topic-partition`. */
export async function committedOf(
  { admin, timeoutMs }: GroupTask,
  groupId: string,
): Promise<ReadonlyMap<string, CommittedOffset>> {
  const listed = await admin.listConsumerGroupOffsets(new Map([[groupId, "all"]]), { timeoutMs });
  const found = new Map<string, CommittedOffset>();
  for (const [key, offset] of outcomeOf(listed, groupId)) {
    if (offset instanceof Error) throw offset;
    if (offset !== undefined) found.set(key, offset);
  }
  return found;
}
