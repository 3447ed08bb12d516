import type { KafkaError } from "../../errors/kafka-error.ts";
import { asKafkaError } from "../../errors/kafka-error.ts";
import type { Cluster } from "../../cluster.ts";
import { assignorsOf, protocolOf } from "../assignors/built-in.ts";
import type { Assignor, RebalanceProtocol } from "../assignors/assignor.ts";
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
import { RejoinRequest } from "../rejoin-request.ts";
import { reactionTo } from "./classic-error.ts";
import { ClassicHeartbeat } from "./classic-heartbeat.ts";
import { ClassicIdentity } from "./classic-identity.ts";
import { leaveClassicGroup } from "./classic-leave.ts";
import { ClassicRebalance, type Rebalanced } from "./classic-rebalance.ts";
import { assignableTopics } from "./leader.ts";
import { SubscribedTopics } from "./subscribed-topics.ts";

/** From one subscribing to leaving: what runs in the background meanwhile. */
interface Session {
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

let laneCount = 0;

/**
 * A member of a classic group. Rebalances run in the background: the application hears of them by
 * its listener and need not ask for records for them to happen.
 */
export class ClassicMembership implements Membership {
  readonly #cluster: Cluster;
  readonly #options: GroupOptions;
  readonly #listener: MembershipListener;
  readonly #assignors: readonly Assignor[];
  readonly #protocol: RebalanceProtocol;
  readonly #link: CoordinatorLink;
  readonly #status: MemberStatus;
  readonly #identity = new ClassicIdentity();
  readonly #owned: OwnedPartitions;
  readonly #topics: SubscribedTopics;
  readonly #heartbeat: ClassicHeartbeat;
  readonly #rebalance: ClassicRebalance;
  readonly #rejoin = new RejoinRequest();
  readonly #polls: PollWatch;
  #session: Session | undefined;
  #latest: Rebalanced | undefined;
  /** What the topics that it assigned looked like; undefined in who is not the leader. */
  #ledSnapshot: string | undefined;
  /** Leaving, one after the other. */
  #leaving: Promise<void> = Promise.resolve();

  /** @throws KafkaError INVALID_OPTION when the assignors do not fit together */
  constructor(cluster: Cluster, options: GroupOptions, listener: MembershipListener) {
    const { clock, random } = cluster;
    const logger = cluster.logger.child("consumer.group");
    this.#cluster = cluster;
    this.#options = options;
    this.#listener = listener;
    this.#assignors = assignorsOf(options.partitionAssignors);
    this.#protocol = protocolOf(this.#assignors);
    this.#link = new CoordinatorLink(cluster, options.groupId);
    this.#status = new MemberStatus(clock);
    this.#owned = new OwnedPartitions({ clock, logger, listener });
    this.#topics = new SubscribedTopics(cluster, options, (changed) => {
      this.#onMetadata(changed);
    });
    const shared = {
      clock,
      options,
      link: this.#link,
      identity: this.#identity,
      status: this.#status,
    };
    this.#heartbeat = new ClassicHeartbeat({
      ...shared,
      retryBackoffMs: cluster.options.retryBackoffMs,
      onError: (error) => this.#onHeartbeatError(error),
    });
    laneCount += 1;
    this.#rebalance = new ClassicRebalance({
      ...shared,
      cluster,
      random,
      logger,
      owned: this.#owned,
      topics: this.#topics,
      heartbeat: this.#heartbeat,
      assignors: this.#assignors,
      protocol: this.#protocol,
      lane: `join-${laneCount}`,
    });
    this.#polls = new PollWatch({
      clock,
      intervalMs: options.maxPollIntervalMs,
      onExpired: () => void this.#leaveAfterPollTimeout(),
    });
  }

  subscribe(subscription: Subscription): void {
    this.#topics.set(subscription);
    this.#rejoin.ask("subscription has changed");
    if (this.#session === undefined && this.#status.state !== "left") this.#begin();
  }

  unsubscribe(): Promise<void> {
    return this.#leave("the consumer unsubscribed from all topics", {});
  }

  assignment(): readonly TopicPartition[] {
    return this.#owned.current.sorted();
  }

  metadata(): GroupMetadata {
    const { groupId, groupInstanceId } = this.#options;
    const { generation, memberId } = this.#identity;
    return { groupId, groupInstanceId, memberId, generationId: generation };
  }

  pollActivity(): void {
    this.#polls.note();
    if (this.#status.state === "left") this.#begin();
  }

  enforceRebalance(reason: string): void {
    this.#rejoin.ask(reason);
  }

  health(): MembershipHealth {
    return this.#status.health("classic", this.#link.coordinator);
  }

  async close(options: Parameters<Membership["close"]>[0] = {}): Promise<void> {
    await this.#leave("the consumer is being closed", options);
    this.#topics.close();
    this.#status.state = "closed";
  }

  /**
   * The coordinator refused a commit: the membership goes the way that this says, unless it has
   * gone on since.
   */
  onCommitRefused(error: KafkaError, sentBy: GroupMetadata): void {
    const { memberId, generationId } = this.metadata();
    if (sentBy.memberId !== memberId || sentBy.generationId !== generationId) return;
    if (error.code === "REBALANCE_IN_PROGRESS") this.#rejoin.ask("offset commit: rebalancing");
    else if (error.code !== "FENCED_INSTANCE_ID") this.#onHeartbeatError(error);
  }

  #begin(): void {
    const abort = new AbortController();
    this.#status.state = "joining";
    this.#polls.start();
    this.#rejoin.ask("the consumer joins");
    this.#session = { abort, done: this.#run(abort.signal) };
  }

  async #run(signal: AbortSignal): Promise<void> {
    // A membership that is just ending lets go first.
    await this.#leaving;
    try {
      for (;;) {
        const reason = await this.#rejoin.taken(signal);
        if (reason === undefined) return;
        const latest = await this.#rebalance.run(reason, signal);
        this.#noteRebalanced(latest);
      }
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  #noteRebalanced(latest: Rebalanced): void {
    this.#latest = latest;
    const { ledTopics, rejoinReason } = latest;
    this.#ledSnapshot = ledTopics === undefined ? undefined : this.#snapshot(ledTopics);
    if (rejoinReason !== undefined) this.#rejoin.ask(rejoinReason);
    this.#status.state = this.#rejoin.isAsked ? "reconciling" : "stable";
    // What changed while it joined was not seen by the rebalance.
    this.#onMetadata(new Set());
  }

  #onMetadata(changed: ReadonlySet<string>): void {
    const latest = this.#latest;
    if (latest === undefined || this.#session === undefined) return;
    if (this.#topics.hasChanged(changed)) {
      this.#rejoin.ask("subscription has changed");
    }
    if (latest.ledTopics === undefined || this.#ledSnapshot === undefined) return;
    const snapshot = this.#snapshot(latest.ledTopics);
    if (snapshot === this.#ledSnapshot) return;
    this.#ledSnapshot = snapshot;
    this.#rejoin.ask("cached metadata has changed");
  }

  /** Topics, how many partitions they have, and where these are. */
  #snapshot(names: ReadonlySet<string>): string {
    const known = [...names].sort().flatMap((name) => this.#cluster.metadata.topic(name) ?? []);
    const topics = new Map(known.map((topic) => [topic.name, topic]));
    const hasRack = this.#options.rackId !== "";
    const assignable = [...assignableTopics(topics, this.#cluster)];
    return JSON.stringify(
      assignable.map(([name, list]) => [
        name,
        hasRack ? list.map(({ racks }) => [...racks].sort()) : list.length,
      ]),
    );
  }

  #onHeartbeatError(error: KafkaError): void {
    if (error.code === "REBALANCE_IN_PROGRESS") {
      if (this.#status.state === "stable") this.#status.state = "reconciling";
      this.#rejoin.ask("group is already rebalancing");
      return;
    }
    this.#status.error = error;
    const reaction = reactionTo(error);
    if (reaction === "again") return;
    if (reaction === "end") {
      this.#fail(error);
      return;
    }
    this.#identity.reset(reaction === "rejoin");
    this.#status.state = "fenced";
    this.#owned.stopWaiting();
    this.#heartbeat.stop();
    this.#rejoin.ask(`the coordinator answered ${error.code}`);
  }

  #fail(thrown: unknown): void {
    if (this.#status.state === "failed" || this.#status.state === "closed") return;
    const error = asKafkaError(thrown, "UNKNOWN_SERVER_ERROR", { what: "the membership failed" });
    this.#stopSession();
    this.#status.state = "failed";
    this.#status.error = error;
    this.#identity.reset(false);
    void this.#owned.lose();
    this.#listener.onFatal(error);
  }

  #stopSession(): Session | undefined {
    const session = this.#session;
    this.#session = undefined;
    this.#latest = undefined;
    this.#polls.stop();
    this.#heartbeat.stop();
    session?.abort.abort();
    return session;
  }

  async #leaveAfterPollTimeout(): Promise<void> {
    const session = this.#stopSession();
    if (session === undefined) return;
    this.#status.state = "left";
    this.#owned.stopWaiting();
    const dynamic = this.#options.groupInstanceId === undefined;
    const identity = this.#handOverIdentity();
    this.#leaving = this.#leaving.then(async () => {
      const told = dynamic ? this.#tell(identity, "consumer poll timeout has expired.", {}) : null;
      await this.#owned.lose();
      await session.done;
      await told;
    });
    await this.#leaving;
  }

  #leave(reason: string, options: NonNullable<Parameters<Membership["close"]>[0]>): Promise<void> {
    const wasMember = this.#identity.isMember;
    const session = this.#stopSession();
    this.#rejoin.clear();
    if (session === undefined) {
      if (this.#status.state !== "failed") this.#status.state = "unsubscribed";
      return this.#leaving;
    }
    const leaves = options.leaveGroup ?? this.#options.groupInstanceId === undefined;
    this.#leaving = this.#leaving.then(async () => {
      this.#owned.stopWaiting();
      await session.done;
      const limitMs = options.timeoutMs ?? this.#options.maxPollIntervalMs;
      if (wasMember) await this.#owned.revoke(this.assignment(), limitMs);
      else await this.#owned.lose();
      const identity = this.#handOverIdentity();
      if (leaves) await this.#tell(identity, reason, options);
      if (this.#session === undefined) this.#status.state = "unsubscribed";
    });
    return this.#leaving;
  }

  /** Gives who it was, and is nobody from now on. */
  #handOverIdentity(): ClassicIdentity {
    const identity = new ClassicIdentity();
    identity.memberId = this.#identity.memberId;
    identity.generation = this.#identity.generation;
    this.#identity.reset(false);
    return identity;
  }

  #tell(
    identity: ClassicIdentity,
    reason: string,
    { timeoutMs, signal }: { readonly timeoutMs?: number; readonly signal?: AbortSignal },
  ): Promise<void> {
    const { groupInstanceId } = this.#options;
    const limits = {
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(signal === undefined ? {} : { signal }),
    };
    return leaveClassicGroup({ link: this.#link, identity, groupInstanceId }, reason, limits);
  }
}
