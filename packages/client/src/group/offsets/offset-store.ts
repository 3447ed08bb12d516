import { OffsetCommit, OffsetFetch, type ResponseOf } from "@millrace/protocol";
import type { Cluster } from "../../cluster.ts";
import { errorFromCode, KafkaError } from "../../errors/kafka-error.ts";
import { retrying } from "../../retry/retrying.ts";
import type { CoordinatorLink } from "../coordinator-link.ts";
import type {
  GroupMetadata,
  GroupOptions,
  OffsetRequestOptions,
  OffsetStore,
  PartitionOffset,
  TopicPartition,
} from "../membership.ts";
import { OffsetTopics, partitionError } from "./offset-topics.ts";

/** Requests for offsets do not wait behind a JoinGroup, and heartbeats do not wait behind them. */
const lane = "group";
/** From this version on OffsetFetch knows of open transactions. */
const requireStableVersion = 7;
/** From this version on OffsetFetch asks for several groups at once. */
const manyGroupsVersion = 8;

/** Whose offsets they are. */
export interface OffsetOwner {
  metadata(): GroupMetadata;
  /** Whether commits and fetches are fenced by the epoch of KIP-848, which may just have grown. */
  readonly hasMemberEpochs: boolean;
  /** Whether the member owns a partition now. */
  owns(partition: TopicPartition): boolean;
  /** A commit was refused in a way that concerns the membership. */
  onRefused(error: KafkaError, sentBy: GroupMetadata): void;
}

/** A group's committed offsets, asked of its coordinator. */
export class CoordinatorOffsetStore implements OffsetStore {
  readonly #cluster: Cluster;
  readonly #link: CoordinatorLink;
  readonly #options: GroupOptions;
  readonly #owner: OffsetOwner;

  constructor(parts: {
    readonly cluster: Cluster;
    readonly link: CoordinatorLink;
    readonly options: GroupOptions;
    readonly owner: OffsetOwner;
  }) {
    this.#cluster = parts.cluster;
    this.#link = parts.link;
    this.#options = parts.options;
    this.#owner = parts.owner;
  }

  async commit(
    offsets: readonly PartitionOffset[],
    options: OffsetRequestOptions = {},
  ): Promise<void> {
    if (offsets.length === 0) return;
    let sentBy = this.#owner.metadata();
    const attempt = async (remainingMs: number): Promise<void> => {
      sentBy = this.#owner.metadata();
      const refusal = await this.#commitOnce(offsets, sentBy, {
        ...options,
        timeoutMs: remainingMs,
      });
      if (refusal !== undefined) throw refusal;
    };
    try {
      await this.#retrying("committing offsets", options, attempt, (error) => {
        return this.#mayCommitAgain(error, sentBy, offsets);
      });
    } catch (error) {
      if (error instanceof KafkaError && membershipErrors.has(error.code)) {
        this.#owner.onRefused(error, sentBy);
      }
      throw error;
    }
  }

  async fetch(
    partitions: readonly TopicPartition[],
    options: OffsetRequestOptions & { readonly isStable?: boolean } = {},
  ): Promise<readonly PartitionOffset[]> {
    if (partitions.length === 0) return [];
    const isStable = options.isStable ?? false;
    let sentBy = this.#owner.metadata();
    const attempt = (remainingMs: number): Promise<readonly PartitionOffset[]> => {
      sentBy = this.#owner.metadata();
      const limits = { ...options, timeoutMs: remainingMs };
      return this.#fetchOnce(partitions, { sentBy, isStable, limits });
    };
    return this.#retrying("fetching committed offsets", options, attempt, (error) => {
      return error.retriable || this.#hasNewEpoch(error, sentBy);
    });
  }

  #retrying<T>(
    what: string,
    { timeoutMs, signal }: OffsetRequestOptions,
    attempt: (remainingMs: number) => Promise<T>,
    shouldRetry: (error: KafkaError) => boolean,
  ): Promise<T> {
    return retrying(
      this.#cluster,
      {
        what: `${what} of group ${this.#link.groupId}`,
        timeoutMs: timeoutMs ?? this.#options.defaultApiTimeoutMs,
        signal,
        shouldRetry: (error) => error instanceof KafkaError && shouldRetry(error),
        onRetry: (error) => this.#beforeRetry(error),
      },
      ({ remainingMs }) => attempt(remainingMs),
    );
  }

  async #beforeRetry(error: unknown): Promise<void> {
    if (!(error instanceof KafkaError)) return;
    this.#link.heed(error.code);
    if (error.code === "UNKNOWN_TOPIC_ID" || error.code === "UNKNOWN_TOPIC_OR_PARTITION") {
      await this.#cluster.metadata.refreshSoon("a topic of committed offsets is not known");
    }
  }

  /** The same commit may be sent again when nothing says that a partition is another's by now. */
  #mayCommitAgain(
    error: KafkaError,
    sentBy: GroupMetadata,
    offsets: readonly PartitionOffset[],
  ): boolean {
    if (error.retriable) return true;
    if (!this.#hasNewEpoch(error, sentBy)) return false;
    return offsets.every((offset) => this.#owner.owns(offset));
  }

  /** KIP-848: the epoch grew while the request was under way; it is still the same member. */
  #hasNewEpoch(error: KafkaError, sentBy: GroupMetadata): boolean {
    if (error.code !== "STALE_MEMBER_EPOCH" || !this.#owner.hasMemberEpochs) return false;
    const { memberId, generationId } = this.#owner.metadata();
    return memberId === sentBy.memberId && generationId > sentBy.generationId;
  }

  async #commitOnce(
    offsets: readonly PartitionOffset[],
    sentBy: GroupMetadata,
    { timeoutMs, signal }: OffsetRequestOptions,
  ): Promise<KafkaError | undefined> {
    const byTopic = Map.groupBy(offsets, ({ topic }) => topic);
    const topics = new OffsetTopics(this.#cluster.metadata, byTopic.keys());
    const { body } = await this.#link.ask(
      OffsetCommit,
      (version) => ({
        groupId: this.#link.groupId,
        generationIdOrMemberEpoch: sentBy.generationId,
        memberId: sentBy.memberId,
        groupInstanceId: sentBy.memberId === "" ? null : (sentBy.groupInstanceId ?? null),
        topics: [...byTopic].map(([topic, ofTopic]) => ({
          ...topics.inRequest(topic, version),
          partitions: ofTopic.map((offset) => ({
            partitionIndex: offset.partition,
            committedOffset: offset.offset,
            committedLeaderEpoch: offset.leaderEpoch,
            committedMetadata: offset.metadata,
          })),
        })),
      }),
      {
        lane,
        timeoutMs: this.#within(timeoutMs),
        signal,
        maxVersion: topics.maxVersion([...byTopic.keys()]),
      },
    );
    for (const answered of body.topics) {
      const topic = topics.inAnswer(answered);
      for (const { partitionIndex: partition, errorCode } of answered.partitions) {
        const place = { api: "OffsetCommit", group: this.#link.groupId, topic, partition };
        const error = partitionError(errorCode, place);
        if (error !== undefined) return error;
      }
    }
    return undefined;
  }

  async #fetchOnce(
    partitions: readonly TopicPartition[],
    how: {
      readonly sentBy: GroupMetadata;
      readonly isStable: boolean;
      readonly limits: OffsetRequestOptions;
    },
  ): Promise<readonly PartitionOffset[]> {
    const { sentBy, isStable, limits } = how;
    const { groupId } = this.#link;
    const byTopic = Map.groupBy(partitions, ({ topic }) => topic);
    const topics = new OffsetTopics(this.#cluster.metadata, byTopic.keys());
    const indexesOf = (list: readonly TopicPartition[]): readonly number[] =>
      list.map(({ partition }) => partition);
    const hasEpoch = this.#owner.hasMemberEpochs && sentBy.memberId !== "";
    const { body } = await this.#link.ask(
      OffsetFetch,
      (version) => {
        const named = [...byTopic].map(([topic, list]) => ({
          ...topics.inRequest(topic, version),
          partitionIndexes: indexesOf(list),
        }));
        const group = {
          groupId,
          memberId: hasEpoch ? sentBy.memberId : null,
          memberEpoch: hasEpoch ? sentBy.generationId : -1,
          topics: named,
        };
        if (version >= manyGroupsVersion) return { groups: [group], requireStable: isStable };
        const old = [...byTopic].map(([name, list]) => ({
          name,
          partitionIndexes: indexesOf(list),
        }));
        return { groupId, topics: old, requireStable: isStable };
      },
      {
        lane,
        timeoutMs: this.#within(limits.timeoutMs),
        signal: limits.signal,
        maxVersion: topics.maxVersion([...byTopic.keys()]),
        minVersion: isStable ? requireStableVersion : undefined,
      },
    );
    return this.#fetched(body, topics);
  }

  #fetched(body: ResponseOf<typeof OffsetFetch>, topics: OffsetTopics): readonly PartitionOffset[] {
    const api = "OffsetFetch";
    const group = this.#link.groupId;
    const [answer = { errorCode: body.errorCode, topics: [] }] = body.groups;
    if (answer.errorCode !== 0) throw errorFromCode(answer.errorCode, { api, group });
    const named = [
      ...answer.topics.map(({ name, topicId, partitions }) => {
        return { topic: topics.inAnswer({ name, topicId }), partitions };
      }),
      ...body.topics.map(({ name, partitions }) => ({ topic: name, partitions })),
    ];
    const offsets: PartitionOffset[] = [];
    for (const { topic, partitions } of named) {
      for (const one of partitions) {
        const { partitionIndex: partition } = one;
        const error = partitionError(one.errorCode, { api, group, topic, partition });
        if (error !== undefined) throw error;
        if (one.committedOffset < 0) continue;
        offsets.push({
          topic,
          partition,
          offset: one.committedOffset,
          leaderEpoch: one.committedLeaderEpoch,
          metadata: one.metadata ?? "",
        });
      }
    }
    return offsets;
  }

  /** One request takes no longer than all attempts together. */
  #within(timeoutMs: number | undefined): number {
    const { requestTimeoutMs } = this.#cluster.options;
    return Math.min(requestTimeoutMs, timeoutMs ?? requestTimeoutMs);
  }
}

/** Refusals that tell the membership something about itself. */
const membershipErrors: ReadonlySet<string> = new Set([
  "ILLEGAL_GENERATION",
  "UNKNOWN_MEMBER_ID",
  "FENCED_INSTANCE_ID",
  "STALE_MEMBER_EPOCH",
  "REBALANCE_IN_PROGRESS",
]);
