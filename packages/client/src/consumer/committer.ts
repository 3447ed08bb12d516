import type { Clock, Logger, Timer } from "@millrace/platform";
import { KafkaError } from "../errors/kafka-error.ts";
import type {
  OffsetRequestOptions,
  OffsetStore,
  PartitionOffset,
  TopicPartition,
} from "../group/membership.ts";
import { throwIfAborted } from "../retry/wait.ts";
import { type AssignedPartition, partitionKey } from "./assigned-partition.ts";

/** What commits are made with. */
export interface CommitterOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly offsets: OffsetStore | undefined;
  /** Undefined: only what is asked for is committed. */
  readonly autoCommitIntervalMs: number | undefined;
  readonly partitions: () => ReadonlyMap<string, AssignedPartition>;
}

/** A commit that waits for its turn. */
interface CommitJob {
  readonly store: OffsetStore;
  readonly places: readonly TopicPartition[];
  /** Asked when its turn has come; nothing is sent when there are none. */
  readonly offsets: () => readonly PartitionOffset[];
  readonly options: OffsetRequestOptions | undefined;
}

/** A partition, with its rewinds when a commit of it was asked for. */
interface CommittedPartition {
  readonly partition: AssignedPartition;
  readonly rewinds: number;
}

/** A commit that has not ended. */
interface OpenCommit {
  /** Of its partitions. */
  readonly keys: ReadonlySet<string>;
  readonly abort: AbortController;
}

/** Commits offsets, one request after the other: an older one never overtakes a newer. */
export class Committer {
  /** When a commit succeeded last; monotonic, -1: never. */
  lastCommitAtMs = -1;
  readonly #options: CommitterOptions;
  /** Commits that have not ended, those that wait for their turn included. */
  readonly #open = new Set<OpenCommit>();
  #timer: Timer | undefined;
  #last: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: CommitterOptions) {
    this.#options = options;
  }

  /** Whether finished offsets are committed without being asked. */
  get isAutomatic(): boolean {
    return this.#options.autoCommitIntervalMs !== undefined;
  }

  /** Begins to commit at intervals. */
  start(): void {
    const { clock, autoCommitIntervalMs } = this.#options;
    if (autoCommitIntervalMs === undefined || this.#timer !== undefined || this.#isClosed) return;
    this.#timer = clock.setTimer(autoCommitIntervalMs, () => {
      this.#timer = undefined;
      this.start();
      // While the coordinator does not answer, commits would pile up behind each other.
      if (this.#open.size === 0) void this.commitFinished(this.#options.partitions().values());
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  /**
   * Ends commits of partitions that this member has no more. Sent again after it has joined anew,
   * they would carry its new epoch, pass the fence, and turn back what the new owner committed.
   */
  giveUp(partitions: readonly AssignedPartition[]): void {
    for (const { keys, abort } of this.#open) {
      const gone = partitions.find(({ key }) => keys.has(key));
      if (gone === undefined) continue;
      const { topic, partition } = gone;
      const what = "the partition was taken away before its offset was committed";
      abort.abort(new KafkaError("COMMIT_FAILED", what, { topic, partition }));
    }
  }

  /**
   * Commits offsets.
   * @throws KafkaError as `OffsetStore.commit`; ILLEGAL_STATE without a group
   */
  commit(offsets: readonly PartitionOffset[], options?: OffsetRequestOptions): Promise<void> {
    return this.#enqueue({
      store: this.#store(),
      places: offsets,
      offsets: () => offsets,
      options,
    });
  }

  /** Commits what the application is done with, where that is not committed; never throws. */
  async commitFinished(
    partitions: Iterable<AssignedPartition>,
    options?: OffsetRequestOptions,
  ): Promise<void> {
    if (!this.isAutomatic) return;
    const places = [...partitions].filter(({ needsCommit }) => needsCommit);
    if (places.length === 0) return;
    try {
      // What is finished is looked at when commits before this one have told what is committed.
      const offsets = (): readonly PartitionOffset[] => finishedOffsets(places);
      await this.#enqueue({ store: this.#store(), places, offsets, options });
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      this.#options.logger.warn("offsets could not be committed", { error: said });
    }
  }

  #store(): OffsetStore {
    const store = this.#options.offsets;
    if (store !== undefined) return store;
    const hint = "Give groupId to the consumer.";
    throw new KafkaError("ILLEGAL_STATE", "there is no group to commit to", { hint });
  }

  #enqueue({ store, places, offsets, options }: CommitJob): Promise<void> {
    const open = { keys: new Set(places.map(partitionKey)), abort: new AbortController() };
    this.#open.add(open);
    const asked = options?.signal;
    const signal =
      asked === undefined ? open.abort.signal : AbortSignal.any([asked, open.abort.signal]);
    const asOf = this.#stateOf(places);
    const work = this.#last.then(async () => {
      throwIfAborted(signal, "committing offsets");
      const sent = offsets();
      if (sent.length === 0) return;
      await store.commit(sent, { ...options, signal });
      this.lastCommitAtMs = this.#options.clock.monotonicMs();
      for (const one of sent) this.#note(one, asOf);
    });
    this.#last = work.catch(() => undefined).finally(() => this.#open.delete(open));
    return work;
  }

  #stateOf(places: readonly TopicPartition[]): ReadonlyMap<string, CommittedPartition> {
    const partitions = this.#options.partitions();
    const found = new Map<string, CommittedPartition>();
    for (const place of places) {
      const partition = partitions.get(partitionKey(place));
      if (partition === undefined) continue;
      found.set(partition.key, { partition, rewinds: partition.rewinds });
    }
    return found;
  }

  #note(sent: PartitionOffset, asOf: ReadonlyMap<string, CommittedPartition>): void {
    const key = partitionKey(sent);
    const then = asOf.get(key);
    // One that was given up since may still have a commit of what it finished to come.
    then?.partition.noteCommit(sent.offset, then.rewinds);
    const now = this.#options.partitions().get(key);
    if (now !== then?.partition) now?.noteCommit(sent.offset);
  }
}

/** What the application is done with and what is not committed yet. */
export function finishedOffsets(partitions: Iterable<AssignedPartition>): PartitionOffset[] {
  const offsets: PartitionOffset[] = [];
  for (const one of partitions) {
    if (!one.needsCommit) continue;
    const { topic, partition } = one;
    offsets.push({
      topic,
      partition,
      offset: one.finished,
      leaderEpoch: one.finishedEpoch,
      metadata: "",
    });
  }
  return offsets;
}
