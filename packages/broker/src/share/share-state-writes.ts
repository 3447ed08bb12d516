import type { SharePartition, ShareStateWrite } from "@millrace/coordinators";
import { errorName, type ErrorName, type Uuid } from "@millrace/protocol";

import type { ShareStatePersister } from "./persister.ts";

/** Whose state is written, and as which leader. */
export interface ShareStateIdentity {
  readonly groupId: string;
  readonly topicId: Uuid;
  readonly partition: number;
  readonly leaderEpoch: number;
  readonly stateEpoch: number;
}

/** What became of a write. */
export interface KeptState {
  readonly error: ErrorName;
  readonly message: string | undefined;
}

interface QueuedWrite {
  readonly write: ShareStateWrite;
  readonly settle: (kept: KeptState) => void;
}

/**
 * Writes the changes of one share partition, one request at a time: what comes while one is under
 * way goes with the next, so that a busy partition costs one record for many acknowledgements, and
 * a later change never overtakes an earlier one.
 */
export class ShareStateWrites {
  readonly #persister: ShareStatePersister;
  readonly #identity: ShareStateIdentity;
  readonly #state: SharePartition;
  #queue: QueuedWrite[] = [];
  #isWriting = false;

  constructor(persister: ShareStatePersister, identity: ShareStateIdentity, state: SharePartition) {
    this.#persister = persister;
    this.#identity = identity;
    this.#state = state;
  }

  /** Whether nothing is under way. */
  get isIdle(): boolean {
    return !this.#isWriting;
  }

  /** Writes changes; the state has been told of the outcome when the promise resolves. */
  write(write: ShareStateWrite): Promise<KeptState> {
    const { promise, resolve } = Promise.withResolvers<KeptState>();
    this.#queue.push({ write, settle: resolve });
    if (!this.#isWriting) void this.#run();
    return promise;
  }

  async #run(): Promise<void> {
    this.#isWriting = true;
    try {
      while (this.#queue.length > 0) await this.#writeQueued();
    } finally {
      this.#isWriting = false;
    }
  }

  async #writeQueued(): Promise<void> {
    const taken = takeApart(this.#queue);
    this.#queue = this.#queue.slice(taken.length);
    const kept = await this.#send(taken.flatMap(({ write }) => write.batches));
    for (const { write } of taken) this.#state.complete(write, kept.error === "NONE");
    for (const { settle } of taken) settle(kept);
  }

  async #send(stateBatches: ShareStateWrite["batches"]): Promise<KeptState> {
    const { groupId, topicId, partition, leaderEpoch, stateEpoch } = this.#identity;
    const { startOffset, deliveryCompleteCount } = this.#state;
    const answer = await this.#persister.writeState({
      groupId,
      topics: [
        {
          topicId,
          partitions: [
            {
              partition,
              stateEpoch,
              leaderEpoch,
              startOffset,
              deliveryCompleteCount,
              stateBatches: stateBatches.toSorted(
                (left, right) => left.firstOffset - right.firstOffset,
              ),
            },
          ],
        },
      ],
    });
    const result = answer.results
      .find((topic) => topic.topicId === topicId)
      ?.partitions.find((each) => each.partition === partition);
    if (result === undefined) {
      return { error: "UNKNOWN_SERVER_ERROR", message: "the answer is not of this partition" };
    }
    const error = errorName(result.errorCode);
    return { error: clientErrorOf(error), message: result.errorMessage ?? undefined };
  }
}

/** The first writes that touch no offset twice: of two states of a record the later must win. */
function takeApart(queue: readonly QueuedWrite[]): readonly QueuedWrite[] {
  const taken: QueuedWrite[] = [];
  const batches: { readonly firstOffset: number; readonly lastOffset: number }[] = [];
  for (const queued of queue) {
    const isApart = queued.write.batches.every((batch) =>
      batches.every(
        (other) => other.lastOffset < batch.firstOffset || other.firstOffset > batch.lastOffset,
      ),
    );
    if (!isApart) break;
    taken.push(queued);
    batches.push(...queued.write.batches);
  }
  return taken;
}

/** What a member is told for an error of the share coordinator, as Apache Kafka does. */
export function clientErrorOf(error: ErrorName): ErrorName {
  switch (error) {
    case "NONE":
    case "GROUP_ID_NOT_FOUND":
    case "UNKNOWN_TOPIC_OR_PARTITION":
      return error;
    case "NOT_COORDINATOR":
    case "COORDINATOR_NOT_AVAILABLE":
    case "COORDINATOR_LOAD_IN_PROGRESS":
      return "COORDINATOR_NOT_AVAILABLE";
    case "FENCED_LEADER_EPOCH":
    case "FENCED_STATE_EPOCH":
      return "NOT_LEADER_OR_FOLLOWER";
    default:
      return "UNKNOWN_SERVER_ERROR";
  }
}
