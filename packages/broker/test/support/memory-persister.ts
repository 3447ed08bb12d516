import {
  type DeleteShareGroupState,
  errorCodes,
  type ErrorName,
  type InitializeShareGroupState,
  type ReadShareGroupState,
  type ReadShareGroupStateSummary,
  type RequestOf,
  type ResponseOf,
  type WriteShareGroupState,
} from "@millrace/protocol";

import type { ShareStatePersister } from "../../src/share/persister.ts";

type WrittenPartition = RequestOf<
  typeof WriteShareGroupState
>["topics"][number]["partitions"][number];

/** Notes what is written, and answers with what the test wants. */
export class MemoryPersister implements ShareStatePersister {
  readonly writes: WrittenPartition[] = [];
  failWith: ErrorName = "NONE";
  /** What is read for every partition. */
  startOffset = -1;

  initializeState(
    request: RequestOf<typeof InitializeShareGroupState>,
  ): Promise<ResponseOf<typeof InitializeShareGroupState>> {
    return Promise.resolve({ results: this.#answer(request.topics) });
  }

  readState(
    request: RequestOf<typeof ReadShareGroupState>,
  ): Promise<ResponseOf<typeof ReadShareGroupState>> {
    const results = this.#answer(request.topics).map(({ topicId, partitions }) => ({
      topicId,
      partitions: partitions.map((each) => ({
        ...each,
        stateEpoch: 1,
        startOffset: this.startOffset,
        stateBatches: [],
      })),
    }));
    return Promise.resolve({ results });
  }

  writeState(
    request: RequestOf<typeof WriteShareGroupState>,
  ): Promise<ResponseOf<typeof WriteShareGroupState>> {
    for (const { partitions } of request.topics) this.writes.push(...partitions);
    return Promise.resolve({ results: this.#answer(request.topics) });
  }

  deleteState(
    request: RequestOf<typeof DeleteShareGroupState>,
  ): Promise<ResponseOf<typeof DeleteShareGroupState>> {
    return Promise.resolve({ results: this.#answer(request.topics) });
  }

  readStateSummary(
    request: RequestOf<typeof ReadShareGroupStateSummary>,
  ): Promise<ResponseOf<typeof ReadShareGroupStateSummary>> {
    const results = this.#answer(request.topics).map(({ topicId, partitions }) => ({
      topicId,
      partitions: partitions.map((each) => ({
        ...each,
        stateEpoch: 1,
        leaderEpoch: 0,
        startOffset: this.startOffset,
        deliveryCompleteCount: 0,
      })),
    }));
    return Promise.resolve({ results });
  }

  #answer<Id>(
    topics: readonly {
      readonly topicId: Id;
      readonly partitions: readonly { readonly partition: number }[];
    }[],
  ) {
    return topics.map(({ topicId, partitions }) => ({
      topicId,
      partitions: partitions.map(({ partition }) => ({
        partition,
        errorCode: errorCodes[this.failWith],
        errorMessage: null,
      })),
    }));
  }
}
