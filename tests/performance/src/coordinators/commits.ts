import { OffsetCommit } from "@millrace/protocol";

import { createTopic, findCoordinator, persist } from "./cluster.ts";
import { Wire } from "./wire.ts";

/** What commits are measured with. */
export interface CommitWork {
  readonly bootstrap: string;
  readonly topic: string;
  readonly groupPrefix: string;
  /** Each with a connection of its own and one request in flight. */
  readonly groupCount: number;
  readonly partitionCount: number;
  readonly seconds: number;
}

/** OffsetCommit requests a second, of all groups together. */
export async function measureCommits(work: CommitWork): Promise<number> {
  const connecting = Array.from({ length: work.groupCount }, () => Wire.connect(work.bootstrap));
  const wires = await Promise.all(connecting);
  const [first] = wires;
  if (first === undefined) throw new Error("commits need a group");
  await createTopic(first, work.topic, work.partitionCount);
  await findCoordinator(first, work.groupPrefix, 0);
  const groupOf = (index: number): string => `${work.groupPrefix}-${index}`;
  // Not measured: the coordinator's partitions may still be loading.
  await Promise.all(
    wires.map((wire, index) => commitOnce(wire, groupOf(index), { work, offset: 0 })),
  );
  const began = performance.now();
  const endMs = began + work.seconds * 1000;
  const counts = await Promise.all(
    wires.map((wire, index) => commitUntil(wire, groupOf(index), { work, endMs })),
  );
  const seconds = (performance.now() - began) / 1000;
  for (const wire of wires) wire.close();
  return counts.reduce((sum, count) => sum + count, 0) / seconds;
}

async function commitUntil(
  wire: Wire,
  groupId: string,
  { work, endMs }: { readonly work: CommitWork; readonly endMs: number },
): Promise<number> {
  let count = 0;
  while (performance.now() < endMs) await commitOnce(wire, groupId, { work, offset: count++ });
  return count;
}

async function commitOnce(
  wire: Wire,
  groupId: string,
  { work, offset }: { readonly work: CommitWork; readonly offset: number },
): Promise<void> {
  const partitions = Array.from({ length: work.partitionCount }, (_, partitionIndex) => {
    return { partitionIndex, committedOffset: offset, committedMetadata: "" };
  });
  const topics = [{ name: work.topic, partitions }];
  await persist(async () => {
    const answer = await wire.request(OffsetCommit, 9, { groupId, memberId: "", topics });
    return { errorCode: answer.topics[0]?.partitions[0]?.errorCode ?? -1 };
  });
}
