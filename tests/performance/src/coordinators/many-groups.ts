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

/** Connections that share the groups: a commit waits for the one before it on its connection. */
const CONNECTIONS = 100;

/** Milliseconds until every one of many groups has committed an offset. */
export async function commitInEveryGroup(work: ManyGroupsWork): Promise<number> {
  const connecting = Array.from({ length: CONNECTIONS }, () => Wire.connect(work.bootstrap));
  const wires = await Promise.all(connecting);
  const [wire] = wires;
  if (wire === undefined) throw new Error("groups need a connection");
  await createTopic(wire, work.topic, 1);
  await findCoordinator(wire, work.groupPrefix, 0);
  const began = performance.now();
  const partitions = [{ partitionIndex: 0, committedOffset: 1, committedMetadata: "" }];
  const topics = [{ name: work.topic, partitions }];
  const commit = (groupId: string, index: number) =>
    persist(async () => {
      const answer = await (wires[index % CONNECTIONS] ?? wire).request(OffsetCommit, 9, {
        groupId,
        memberId: "",
        topics,
      });
      return { errorCode: answer.topics[0]?.partitions[0]?.errorCode ?? -1 };
    });
  const groupIds = Array.from({ length: work.groupCount }, (_, index) => {
    return `${work.groupPrefix}-${index}`;
  });
  await Promise.all(groupIds.map((groupId, index) => commit(groupId, index)));
  const ms = performance.now() - began;
  for (const each of wires) each.close();
  return ms;
}
