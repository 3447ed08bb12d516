import { ConsumerGroupHeartbeat, type ResponseOf, uuidFromBytes } from "@millrace/protocol";
import type { Cluster } from "../../cluster.ts";
import { asKafkaError, errorFromCode, type KafkaError } from "../../errors/kafka-error.ts";
import { CoordinatorLink } from "../coordinator-link.ts";
import { MemberStatus } from "../member-status.ts";
import type {
  GroupMetadata,
  GroupOptions,
  Membership,
  MembershipHealth,
  MembershipListener,
  Subscription,
  TopicPartition,
} from "../membership.ts";
import { OwnedPartitions } from "../owned-partitions.ts";
import { PollWatch } from "../poll-watch.ts";
import { reactionTo } from "./consumer-error.ts";
import { ConsumerHeartbeatRequest, JOINING_EPOCH } from "./consumer-heartbeat-request.ts";
import { type Beat, HeartbeatLoop } from "./heartbeat-loop.ts";
import { Reconciler } from "./reconciler.ts";
import { TopicIds } from "./target-assignment.ts";

/** Epochs that say goodbye: for good, or as a static member that comes back. */
const LEAVING_EPOCH = -1;
const STATIC_LEAVING_EPOCH = -2;
/** Who is no member has no epoch. */
const NO_EPOCH = -1;
/** The version that brought expressions that the broker resolves. */
const regexVersion = 1;
const uuidSizeBytes = 16;

/** What whoever chose this protocol wants to hear. */
export interface ConsumerMembershipHooks {
  /** The first heartbeat was answered: this is a member. */
  readonly onJoined?: () => void;
  /** It was refused before it ever was a member; true: somebody else takes over. */
  readonly onRefused?: (error: KafkaError) => boolean;
}

/** A member of a group of KIP-848: the coordinator assigns, heartbeats carry everything. */
export class ConsumerMembership implements Membership {
  readonly #cluster: Cluster;
  readonly #options: GroupOptions;
  readonly #listener: MembershipListener;
  readonly #hooks: ConsumerMembershipHooks;
  readonly #link: CoordinatorLink;
  readonly #status: MemberStatus;
  readonly #owned: OwnedPartitions;
  readonly #topicIds: TopicIds;
  readonly #request: ConsumerHeartbeatRequest;
  readonly #reconciler: Reconciler;
  readonly #heartbeat: HeartbeatLoop;
  readonly #polls: PollWatch;
  readonly #memberId: string;
  #epoch = NO_EPOCH;
  #subscription: Subscription | undefined;
  #stopWatching: (() => void) | undefined;
  #isIn = false;
  #leaving: Promise<void> = Promise.resolve();

  constructor(
    cluster: Cluster,
    options: GroupOptions,
    listener: MembershipListener,
    hooks: ConsumerMembershipHooks = {},
  ) {
    const { clock, random, metadata } = cluster;
    const logger = cluster.logger.child("consumer.group");
    this.#cluster = cluster;
    this.#options = options;
    this.#listener = listener;
    this.#hooks = hooks;
    this.#memberId = uuidFromBytes(random.bytes(uuidSizeBytes));
    this.#link = new CoordinatorLink(cluster, options.groupId);
    this.#status = new MemberStatus(clock);
    this.#owned = new OwnedPartitions({ clock, logger, listener });
    this.#topicIds = new TopicIds(metadata);
    this.#request = new ConsumerHeartbeatRequest(options);
    this.#reconciler = new Reconciler({
      metadata,
      owned: this.#owned,
      topicIds: this.#topicIds,
      revokeTimeoutMs: options.maxPollIntervalMs,
      onBegin: () => this.#enter("reconciling"),
      onReconciled: (isComplete) => this.#onReconciled(isComplete),
    });
    const { retryBackoffMs: initialMs, retryBackoffMaxMs: maxMs } = cluster.options;
    this.#heartbeat = new HeartbeatLoop({
      clock,
      random,
      backoff: { initialMs, maxMs },
      beat: (signal) => this.#beat(signal),
    });
    this.#polls = new PollWatch({
      clock,
      intervalMs: options.maxPollIntervalMs,
      onExpired: () => void this.#leaveAfterPollTimeout(),
    });
  }

  subscribe(subscription: Subscription): void {
    const { metadata } = this.#cluster;
    this.#subscription = subscription;
    this.#stopWatching?.();
    const isPattern = subscription.kind === "pattern";
    const release = isPattern ? metadata.keepAll() : metadata.keep(subscription.topics);
    const stopListening = metadata.onChange(() => this.#reconciler.retry());
    this.#stopWatching = () => {
      release();
      stopListening();
    };
    if (!isPattern) void this.#load(subscription.topics);
    if (this.#isIn) this.#heartbeat.soon();
    else if (this.#status.state !== "left") this.#begin();
  }

  unsubscribe(): Promise<void> {
    return this.#leave({});
  }

  assignment(): readonly TopicPartition[] {
    return this.#owned.current.sorted();
  }

  metadata(): GroupMetadata {
    const { groupId, groupInstanceId } = this.#options;
    const isMember = this.#epoch > JOINING_EPOCH;
    return {
      groupId,
      groupInstanceId,
      memberId: isMember ? this.#memberId : "",
      generationId: isMember ? this.#epoch : NO_EPOCH,
    };
  }

  pollActivity(): void {
    this.#polls.note();
    if (this.#status.state === "left") this.#begin();
  }

  /** Without effect: the coordinator alone decides when a group is rebalanced. */
  enforceRebalance(): void {
    this.#cluster.logger.debug("a group of KIP-848 is rebalanced by its coordinator alone");
  }

  health(): MembershipHealth {
    return this.#status.health("consumer", this.#link.coordinator);
  }

  async close(options: Parameters<Membership["close"]>[0] = {}): Promise<void> {
    await this.#leave(options);
    this.#stopWatching?.();
    this.#stopWatching = undefined;
    this.#status.state = "closed";
  }

  /** The coordinator refused a commit: a heartbeat finds out what that means. */
  onCommitRefused(_error: KafkaError, _sentBy: GroupMetadata): void {
    this.#heartbeat.soon();
  }

  #begin(): void {
    this.#isIn = true;
    this.#status.state = "joining";
    this.#polls.start();
    // A membership that is just ending lets go first.
    void this.#leaving.then(() => {
      if (this.#isIn) this.#join();
    });
  }

  #join(): void {
    this.#epoch = JOINING_EPOCH;
    this.#request.forget();
    this.#enter("joining");
    this.#heartbeat.start();
  }

  async #beat(signal: AbortSignal): Promise<Beat> {
    const subscription = this.#subscription ?? { kind: "topics", topics: [] };
    const request = this.#request.next({
      memberId: this.#memberId,
      epoch: this.#epoch,
      subscription,
      owned: this.assignment(),
      topicIds: this.#topicIds.byName,
    });
    const place = { api: "ConsumerGroupHeartbeat", group: this.#link.groupId };
    try {
      const { body } = await this.#link.ask(ConsumerGroupHeartbeat, request, {
        lane: "heartbeat",
        signal,
        ...(subscription.kind === "pattern" ? { minVersion: regexVersion } : {}),
      });
      if (signal.aborted) return { nextMs: 0 };
      if (body.errorCode === 0) return this.#onAnswer(body);
      throw errorFromCode(body.errorCode, { ...place, brokerMessage: body.errorMessage });
    } catch (thrown) {
      const what = "a heartbeat failed";
      const error = asKafkaError(thrown, "UNKNOWN_SERVER_ERROR", { ...place, what });
      if (!signal.aborted) this.#onError(error);
      return { error };
    }
  }

  #onAnswer(body: ResponseOf<typeof ConsumerGroupHeartbeat>): Beat {
    const isFirst = this.#epoch === JOINING_EPOCH;
    this.#status.noteHeartbeat();
    this.#epoch = body.memberEpoch;
    if (isFirst) this.#hooks.onJoined?.();
    if (body.assignment !== null) this.#reconciler.aim(body.assignment.topicPartitions);
    if (!this.#reconciler.isBusy) this.#enter("stable");
    return { nextMs: body.heartbeatIntervalMs };
  }

  #onError(error: KafkaError): void {
    this.#status.error = error;
    this.#link.heed(error.code);
    // Nobody knows what of it arrived.
    this.#request.forget();
    const reaction = reactionTo(error);
    if (reaction === "fenced") void this.#onFenced();
    if (reaction === "end") this.#fail(error);
  }

  async #onFenced(): Promise<void> {
    this.#stop();
    this.#enter("fenced");
    await this.#owned.lose();
    if (this.#isIn) this.#join();
  }

  #onReconciled(isComplete: boolean): void {
    if (isComplete) {
      this.#status.noteRebalance();
      this.#enter("stable");
    }
    this.#heartbeat.soon();
  }

  #fail(error: KafkaError): void {
    const wasJoining = this.#epoch === JOINING_EPOCH;
    this.#stop();
    this.#isIn = false;
    this.#polls.stop();
    if (wasJoining && this.#hooks.onRefused?.(error) === true) return;
    this.#status.state = "failed";
    void this.#owned.lose();
    this.#listener.onFatal(error);
  }

  /** Ends heartbeats and whatever was wanted of this member. */
  #stop(): void {
    this.#heartbeat.stop();
    this.#reconciler.reset();
    this.#owned.stopWaiting();
    this.#epoch = NO_EPOCH;
  }

  /** Goes to a state of being a member, unless the membership has ended. */
  #enter(state: MembershipHealth["state"]): void {
    if (this.#isIn) this.#status.state = state;
  }

  async #leaveAfterPollTimeout(): Promise<void> {
    const epoch = this.#epoch;
    this.#isIn = false;
    this.#polls.stop();
    this.#stop();
    this.#status.state = "left";
    this.#leaving = this.#leaving.then(async () => {
      const told = this.#sayGoodbye(epoch, this.#usualGoodbye(), {});
      await this.#owned.lose();
      await told;
    });
    await this.#leaving;
  }

  #leave(options: NonNullable<Parameters<Membership["close"]>[0]>): Promise<void> {
    const epoch = this.#epoch;
    const wasIn = this.#isIn;
    this.#isIn = false;
    this.#polls.stop();
    this.#heartbeat.stop();
    this.#reconciler.reset();
    if (this.#status.state !== "failed") this.#status.state = "unsubscribed";
    if (!wasIn) return this.#leaving;
    this.#leaving = this.#leaving.then(async () => {
      this.#owned.stopWaiting();
      const limitMs = options.timeoutMs ?? this.#options.maxPollIntervalMs;
      // Its commits are taken while it still has its epoch.
      if (epoch > JOINING_EPOCH) await this.#owned.revoke(this.assignment(), limitMs);
      else await this.#owned.lose();
      this.#epoch = NO_EPOCH;
      const goodbye = this.#goodbye(options.leaveGroup);
      if (goodbye !== undefined) await this.#sayGoodbye(epoch, goodbye, options);
    });
    return this.#leaving;
  }

  #usualGoodbye(): number {
    return this.#options.groupInstanceId === undefined ? LEAVING_EPOCH : STATIC_LEAVING_EPOCH;
  }

  /** KIP-1092: for good, for a while, or not at all. */
  #goodbye(leaveGroup: boolean | undefined): number | undefined {
    if (leaveGroup === undefined) return this.#usualGoodbye();
    if (leaveGroup) return LEAVING_EPOCH;
    return this.#options.groupInstanceId === undefined ? undefined : STATIC_LEAVING_EPOCH;
  }

  async #sayGoodbye(
    epoch: number,
    memberEpoch: number,
    { timeoutMs, signal }: { readonly timeoutMs?: number; readonly signal?: AbortSignal },
  ): Promise<void> {
    if (epoch < JOINING_EPOCH) return;
    const { groupId, groupInstanceId } = this.#options;
    const request = {
      groupId,
      memberId: this.#memberId,
      memberEpoch,
      instanceId: groupInstanceId ?? null,
    };
    try {
      await this.#link.ask(ConsumerGroupHeartbeat, request, {
        lane: "heartbeat",
        timeoutMs,
        signal,
      });
    } catch {
      // Who leaves does not wait for a broker that cannot be reached: the session will end.
    }
  }

  /** The broker may create topics that do not exist. */
  async #load(topics: readonly string[]): Promise<void> {
    const allowAutoCreate = this.#options.allowAutoCreateTopics;
    // What is wrong with a topic is told to whoever fetches from it.
    await this.#cluster.metadata.load(topics, { allowAutoCreate }).catch(() => undefined);
  }
}
