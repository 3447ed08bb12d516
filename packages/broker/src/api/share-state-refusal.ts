import { errorCodes, type ErrorName, type Uuid } from "@millrace/protocol";

/** Partitions of a share group whose state a request is about. */
interface AskedTopic {
  readonly topicId: Uuid;
  readonly partitions: readonly { readonly partition: number }[];
}

/** What answers with state carry where there is none. */
const nothingKnown = { stateEpoch: 0, leaderEpoch: 0, startOffset: 0, stateBatches: [] };

/** Refuses every partition of a request for share states (keys 83 to 87) with one error. */
export function refuseEachPartition(topics: readonly AskedTopic[], error: ErrorName) {
  return topics.map(({ topicId, partitions }) => ({
    topicId,
    partitions: partitions.map(({ partition }) => ({
      partition,
      errorCode: errorCodes[error],
      ...nothingKnown,
    })),
  }));
}
