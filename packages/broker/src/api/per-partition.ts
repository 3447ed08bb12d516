/** A topic of a request with its partitions. */
export interface AskedTopic<PartitionRequest> {
  readonly name: string;
  readonly partitions: readonly PartitionRequest[];
}

/** A topic of an answer with its partitions. */
export interface AnsweredTopic<PartitionAnswer> {
  readonly name: string;
  readonly partitions: readonly PartitionAnswer[];
}

/**
 * Answers every partition that was asked about, in the order asked, once; those that wait, wait
 * together.
 */
export function answerEachPartition<PartitionRequest, PartitionAnswer>(
  topics: readonly AskedTopic<PartitionRequest>[],
  answerOne: (
    topic: string,
    partition: PartitionRequest,
  ) => PartitionAnswer | Promise<PartitionAnswer>,
): Promise<readonly AnsweredTopic<PartitionAnswer>[]> {
  return Promise.all(
    topics.map(async (topic) => ({
      name: topic.name,
      partitions: await Promise.all(
        topic.partitions.map((partition) => answerOne(topic.name, partition)),
      ),
    })),
  );
}
