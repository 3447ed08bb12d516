import type {
  ConsumerGroupCurrentMemberAssignmentValue,
  MessageOf,
  Uuid,
} from "@millrace/protocol";
import { NOTHING_OWNED, type OwnedPartitions } from "./assignment.ts";

type RecordPartitions = MessageOf<
  typeof ConsumerGroupCurrentMemberAssignmentValue
>["assignedPartitions"];

/** The form in records: partitions, and beside each the epoch since which it is owned. */
export function ownedToRecord(owned: OwnedPartitions): RecordPartitions {
  return [...owned].map(([topicId, partitions]) => {
    const sorted = [...partitions].sort(([left], [right]) => left - right);
    return {
      topicId,
      partitions: sorted.map(([partition]) => partition),
      assignmentEpochs: sorted.map(([, epoch]) => epoch),
    };
  });
}

/** Reads the form in records; before Apache Kafka 4.3 they tell no epochs: the member's counts. */
export function ownedFromRecord(topics: RecordPartitions, memberEpoch: number): OwnedPartitions {
  if (topics.length === 0) return NOTHING_OWNED;
  const owned = new Map<Uuid, ReadonlyMap<number, number>>();
  for (const { topicId, partitions, assignmentEpochs } of topics) {
    owned.set(
      topicId,
      new Map(
        partitions.map((partition, index) => [partition, assignmentEpochs?.[index] ?? memberEpoch]),
      ),
    );
  }
  return owned;
}
