import { statelessAssignor } from "./assignor.ts";
import { compareMembers, compareText } from "./ordering.ts";
import type { TopicPartition } from "../membership.ts";
import type { Assignor, AssignorInput, GroupAssignment } from "./assignor.ts";

/** Gives the assignor that deals the partitions of all topics to the members in turn. */
export function roundRobin(): Assignor {
  return statelessAssignor("roundrobin", assign);
}

function assign({ topics, members }: AssignorInput): GroupAssignment {
  const dealt = [...members.values()].sort(compareMembers).map((member) => ({
    memberId: member.memberId,
    topics: new Set(member.topics),
    partitions: [] as TopicPartition[],
  }));
  const subscribed = new Set(dealt.flatMap((member) => [...member.topics]));
  let turn = 0;
  for (const topic of [...subscribed].sort(compareText)) {
    for (const { partition } of topics.get(topic) ?? []) {
      // Somebody subscribes to the topic, so the walk round the members ends.
      for (;;) {
        const member = dealt[turn % dealt.length];
        turn += 1;
        if (member?.topics.has(topic) !== true) continue;
        member.partitions.push({ topic, partition });
        break;
      }
    }
  }
  return new Map(dealt.map(({ memberId, partitions }) => [memberId, partitions]));
}
