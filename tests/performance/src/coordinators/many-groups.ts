import { OffsetCommit } from "@millrace/protocol";

import { createTopic, findCoordinator, persist } from "./cluster.ts";
import { Wire } from "./wire.ts";

/** What many groups are measured with. */
export interface ManyGroupsWork {
  readonly bootstrap: string;
  readonly topic: string;
  readonly groupPrefix: string;
  readonly groupCount: number;
}

/** Milliseconds until every one of many groups has committed an offset, on one connection. */
export async function commitInEveryGroup(work: ManyGroupsWork): Promise<number> {
  const wire = await Wire.connect(work.bootstrap);
  await createTopic(wire, work.topic, 1);
  await findCoordinator(wire, work.groupPrefix, 0);
  const began = performance.now();
  const partitions = [{ partitionIndex: 0, committedOffset: 1, committedMetadata: "" }];
  const topics = [{ name: work.topic, partitions }];
  const commit = (groupId: string) =>
    persist(async () => {
      const answer = await wire.request(OffsetCommit, 9, { groupId, memberId: "", topics });
      return { errorCode: answer.topics[0]?.partitions[0]?.errorCode ?? -1 };
    });
  const groupIds = Array.from({ length: work.groupCount }, (_, index) => {
    return `${work.groupPrefix}-${index}`;
  });
  await Promise.all(groupIds.map(commit));
  const ms = performance.now() - began;
  wire.close();
  return ms;
}
