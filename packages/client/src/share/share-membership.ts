import { ShareGroupHeartbeat, uuidFromBytes } from "@millrace/protocol";
import type { Cluster } from "../cluster.ts";
import { asKafkaError, errorFromCode, type KafkaError } from "../errors/kafka-error.ts";
import { compareText } from "../group/assignors/ordering.ts";
import { reactionTo } from "../group/consumer/consumer-error.ts";
import { type Beat, HeartbeatLoop } from "../group/consumer/heartbeat-loop.ts";
import { type TargetAssignment, TopicIds } from "../group/consumer/target-assignment.ts";
import { CoordinatorLink } from "../group/coordinator-link.ts";
import { MemberStatus } from "../group/member-status.ts";
import type { MembershipHealth } from "../group/membership.ts";
import type { SharePartition } from "./share-partition.ts";

const JOINING_EPOCH = 0;
const LEAVING_EPOCH = -1;
const uuidSizeBytes = 16;

/** Hears what a share group assigns. */
export interface ShareMembershipListener {
  /** What is to be read from now on; others may read the same. */
  onAssignment(partitions: readonly SharePartition[]): void;
  /** The membership ended by an error that trying again does not mend. */
  onFatal(error: KafkaError): void;
}

/** What a share group's member is made with. */
export interface ShareMembershipOptions {
  readonly groupId: string;
  readonly rackId: string | undefined;
}

/**
 * A member of a share group (KIP-932): the coordinator assigns by heartbeats. Nothing is handed
 * over with care, since several members may read a partition at once: locks keep records apart.
 */
export class ShareMembership {
  readonly memberId: string;
  readonly #cluster: Cluster;
  readonly #options: ShareMembershipOptions;
  readonly #listener: ShareMembershipListener;
  readonly #link: CoordinatorLink;
  readonly #status: MemberStatus;
  readonly #topicIds: TopicIds;
  readonly #heartbeat: HeartbeatLoop;
  #epoch = LEAVING_EPOCH;
  #topics: readonly string[] = [];
  #toldTopics: string | undefined;
  #target: TargetAssignment | undefined;
  #stopWatching: (() => void) | undefined;

  constructor(
    cluster: Cluster,
    options: ShareMembershipOptions,
    listener: ShareMembershipListener,
  ) {
    const { clock, random, metadata } = cluster;
    this.memberId = uuidFromBytes(random.bytes(uuidSizeBytes));
    this.#cluster = cluster;
    this.#options = options;
    this.#listener = listener;
    this.#link = new CoordinatorLink(cluster, options.groupId);
    this.#status = new MemberStatus(clock);
    this.#topicIds = new TopicIds(metadata);
    const { retryBackoffMs: initialMs, retryBackoffMaxMs: maxMs } = cluster.options;
    this.#heartbeat = new HeartbeatLoop({
      clock,
      random,
      backoff: { initialMs, maxMs },
      beat: (signal) => this.#beat(signal),
    });
  }

  /** Joins, or changes what is wanted. */
  subscribe(topics: readonly string[]): void {
    this.#topics = [...new Set(topics)].sort(compareText);
    this.#stopWatching?.();
    const { metadata } = this.#cluster;
    const release = metadata.keep(this.#topics);
    const stopListening = metadata.onChange(() => this.#tell());
    this.#stopWatching = () => {
      release();
      stopListening();
    };
    // What is wrong with a topic, the coordinator leaves out of the assignment.
    void metadata.load(this.#topics).catch(() => undefined);
    if (this.#epoch === LEAVING_EPOCH) this.#join();
    else this.#heartbeat.soon();
  }

  health(): MembershipHealth {
    return this.#status.health(undefined, this.#link.coordinator);
  }

  /** Leaves the group. */
  async leave(options: { readonly timeoutMs?: number | undefined }): Promise<void> {
    const wasMember = this.#epoch >= JOINING_EPOCH;
    this.#stop();
    this.#stopWatching?.();
    this.#stopWatching = undefined;
    this.#status.state = "unsubscribed";
    if (!wasMember) return;
    const { groupId } = this.#options;
    const request = { groupId, memberId: this.memberId, memberEpoch: LEAVING_EPOCH };
    try {
      await this.#link.ask(ShareGroupHeartbeat, request, { lane: "heartbeat", ...options });
    } catch {
      // Who leaves does not wait for a broker that cannot be reached: the session will end.
    }
  }

  #join(): void {
    this.#epoch = JOINING_EPOCH;
    this.#toldTopics = undefined;
    this.#status.state = "joining";
    this.#heartbeat.start();
  }

  #stop(): void {
    this.#heartbeat.stop();
    this.#epoch = LEAVING_EPOCH;
    this.#target = undefined;
  }

  async #beat(signal: AbortSignal): Promise<Beat> {
    const { groupId, rackId } = this.#options;
    const place = { api: "ShareGroupHeartbeat", group: groupId };
    const topics = this.#topics;
    const isNews = this.#toldTopics !== topics.join();
    try {
      const { body } = await this.#link.ask(
        ShareGroupHeartbeat,
        {
          groupId,
          memberId: this.memberId,
          memberEpoch: this.#epoch,
          rackId: isNews ? (rackId ?? null) : null,
          subscribedTopicNames: isNews ? topics : null,
        },
        { lane: "heartbeat", signal },
      );
      if (signal.aborted) return { nextMs: 0 };
      if (body.errorCode !== 0) {
        throw errorFromCode(body.errorCode, { ...place, brokerMessage: body.errorMessage });
      }
      this.#toldTopics = topics.join();
      this.#epoch = body.memberEpoch;
      this.#status.noteHeartbeat();
      this.#status.state = "stable";
      if (body.assignment !== null) {
        this.#target = body.assignment.topicPartitions;
        this.#status.noteRebalance();
        this.#tell();
      }
      return { nextMs: body.heartbeatIntervalMs };
    } catch (thrown) {
      const what = "a heartbeat failed";
      const error = asKafkaError(thrown, "UNKNOWN_SERVER_ERROR", { ...place, what });
      if (!signal.aborted) this.#onError(error);
      return { error };
    }
  }

  #onError(error: KafkaError): void {
    this.#status.error = error;
    this.#link.heed(error.code);
    this.#toldTopics = undefined;
    const reaction = reactionTo(error);
    if (reaction === "again") return;
    this.#stop();
    this.#listener.onAssignment([]);
    if (reaction === "fenced") {
      this.#join();
      return;
    }
    this.#status.state = "failed";
    this.#listener.onFatal(error);
  }

  #tell(): void {
    if (this.#target === undefined) return;
    const { partitions, unknownIds } = this.#topicIds.resolve(this.#target);
    if (unknownIds.length > 0) {
      void this.#cluster.metadata.refreshSoon("a share group assigned an unknown topic");
    }
    const ids = this.#topicIds.byName;
    this.#listener.onAssignment(
      partitions.sorted().flatMap(({ topic, partition }) => {
        const topicId = ids.get(topic);
        return topicId === undefined ? [] : [{ topic, partition, topicId }];
      }),
    );
  }
}
