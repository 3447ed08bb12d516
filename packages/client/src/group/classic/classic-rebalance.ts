import type { Clock, Logger, Random } from "@millrace/platform";
import { JoinGroup, type ResponseOf, SyncGroup } from "@millrace/protocol";
import type { Cluster } from "../../cluster.ts";
import { asKafkaError, errorFromCode, KafkaError } from "../../errors/kafka-error.ts";
import { backoffMs } from "../../retry/backoff.ts";
import { waitMs } from "../../retry/wait.ts";
import type { Assignor, RebalanceProtocol } from "../assignors/assignor.ts";
import type { CoordinatorLink } from "../coordinator-link.ts";
import type { MemberStatus } from "../member-status.ts";
import type { GroupOptions, TopicPartition } from "../membership.ts";
import type { OwnedPartitions } from "../owned-partitions.ts";
import { PartitionSet } from "../partition-set.ts";
import { reactionTo } from "./classic-error.ts";
import type { ClassicHeartbeat } from "./classic-heartbeat.ts";
import type { ClassicIdentity } from "./classic-identity.ts";
import { CONSUMER_PROTOCOL_TYPE, readAssignment, writeSubscription } from "./consumer-protocol.ts";
import { assignableTopics, assignmentsFor, readMembers, topicsOf } from "./leader.ts";
import type { SubscribedTopics } from "./subscribed-topics.ts";

/** The broker answers JoinGroup when the rebalance ends, and may take a little longer (Java's). */
const joinGroupSlackMs = 5_000;

type Joined = ResponseOf<typeof JoinGroup>;

/** What a rebalance works on. */
export interface ClassicRebalanceParts {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly options: GroupOptions;
  readonly link: CoordinatorLink;
  readonly identity: ClassicIdentity;
  readonly status: MemberStatus;
  readonly owned: OwnedPartitions;
  readonly topics: SubscribedTopics;
  readonly heartbeat: ClassicHeartbeat;
  readonly assignors: readonly Assignor[];
  readonly protocol: RebalanceProtocol;
  /** A connection of its own: JoinGroup waits for the other members. */
  readonly lane: string;
}

/** What a rebalance left behind. */
export interface Rebalanced {
  /** Why the next one has to follow at once; undefined when the group is at rest. */
  readonly rejoinReason: string | undefined;
  /** The topics whose partitions this member, as leader, has assigned; undefined otherwise. */
  readonly ledTopics: ReadonlySet<string> | undefined;
  readonly joinedTopics: readonly string[];
}

/**
 * One member's part in rebalances of a classic group: give up, join, divide as leader, take over.
 */
export class ClassicRebalance {
  readonly #parts: ClassicRebalanceParts;
  #joinedTopics: readonly string[] = [];

  constructor(parts: ClassicRebalanceParts) {
    this.#parts = parts;
  }

  /**
   * Joins, as often as it takes.
   * @throws KafkaError for good; ABORTED when the signal ends it
   */
  async run(reason: string, signal: AbortSignal): Promise<Rebalanced> {
    const { identity, status, cluster, link } = this.#parts;
    const { retryBackoffMs, retryBackoffMaxMs } = cluster.options;
    const backoff = { initialMs: retryBackoffMs, maxMs: retryBackoffMaxMs };
    let isPrepared = false;
    for (let failures = 0; ; failures += 1) {
      // A member that was thrown out meanwhile has lost what it was to keep.
      if (!isPrepared || !identity.isMember) await this.#giveUp();
      isPrepared = true;
      try {
        return await this.#attempt(reason, signal);
      } catch (thrown) {
        const error = asKafkaError(thrown, "UNKNOWN_SERVER_ERROR", { what: "joining failed" });
        if (signal.aborted || this.#react(error) === "end") throw error;
        status.error = error;
        link.heed(error.code);
      }
      await waitMs(this.#parts.clock, backoffMs(failures, backoff, this.#parts.random), signal);
    }
  }

  /** Before joining: eager members give up everything, cooperative ones what they want no more. */
  async #giveUp(): Promise<void> {
    const { identity, owned, protocol, topics, options } = this.#parts;
    if (!identity.isMember) return owned.lose();
    const current = owned.current.sorted();
    const given =
      protocol === "eager" ? current : current.filter(({ topic }) => !topics.includes(topic));
    return owned.revoke(given, options.maxPollIntervalMs);
  }

  #react(error: KafkaError): ReturnType<typeof reactionTo> {
    const reaction = reactionTo(error);
    if (reaction === "rejoin") this.#parts.identity.reset(true);
    if (reaction === "rejoin-as-new") this.#parts.identity.reset(false);
    return reaction;
  }

  async #attempt(reason: string, signal: AbortSignal): Promise<Rebalanced> {
    const { identity, heartbeat, status, topics } = this.#parts;
    status.state = "joining";
    await topics.resolve(signal);
    // JoinGroup keeps the member alive; a heartbeat beside it would only be told to join.
    heartbeat.stop();
    const joined = await this.#join(reason, signal);
    identity.memberId = joined.memberId;
    identity.generation = joined.generationId;
    identity.assignor = joined.protocolName ?? undefined;
    status.state = "reconciling";
    heartbeat.start();
    const assignor = this.#assignorNamed(joined.protocolName);
    const ledTopics = await this.#leadOrFollow(joined, assignor, signal);
    return {
      ...(await this.#takeOver(ledTopics.assignment, assignor)),
      ledTopics: ledTopics.topics,
    };
  }

  async #join(reason: string, signal: AbortSignal): Promise<Joined> {
    const { link, identity, options, lane } = this.#parts;
    const protocols = this.#protocols();
    for (;;) {
      const { body } = await link.ask(
        JoinGroup,
        {
          groupId: link.groupId,
          sessionTimeoutMs: options.sessionTimeoutMs,
          rebalanceTimeoutMs: options.maxPollIntervalMs,
          memberId: identity.memberId,
          groupInstanceId: options.groupInstanceId ?? null,
          protocolType: CONSUMER_PROTOCOL_TYPE,
          protocols,
          reason,
        },
        { lane, signal, timeoutMs: options.maxPollIntervalMs + joinGroupSlackMs },
      );
      if (body.errorCode === 0) return body;
      const error = errorFromCode(body.errorCode, { api: "JoinGroup", group: link.groupId });
      // KIP-394: the coordinator names a new member first, so that it can forget it again.
      const isNamed = error.code === "MEMBER_ID_REQUIRED" && identity.memberId !== body.memberId;
      if (!isNamed) throw error;
      identity.memberId = body.memberId;
    }
  }

  #protocols(): readonly { readonly name: string; readonly metadata: Uint8Array }[] {
    const { assignors, owned, identity, options, topics, protocol } = this.#parts;
    const names = topics.names();
    this.#joinedTopics = names;
    return assignors.map((assignor) => ({
      name: assignor.name,
      metadata: writeSubscription({
        topics: names,
        ownedPartitions: protocol === "eager" ? [] : owned.current.sorted(),
        generationId: identity.generation,
        rackId: options.rackId === "" ? undefined : options.rackId,
        userData: assignor.userData(names) ?? undefined,
      }),
    }));
  }

  #assignorNamed(name: string | null): Assignor {
    const assignor = this.#parts.assignors.find((one) => one.name === name);
    if (assignor !== undefined) return assignor;
    const message = `the group chose the assignor ${name ?? "(none)"}, which was not offered`;
    throw new KafkaError("INCONSISTENT_GROUP_PROTOCOL", message, {
      group: this.#parts.link.groupId,
    });
  }

  async #leadOrFollow(
    joined: Joined,
    assignor: Assignor,
    signal: AbortSignal,
  ): Promise<{ assignment: Uint8Array; topics: ReadonlySet<string> | undefined }> {
    const { topics, cluster, protocol } = this.#parts;
    if (joined.leader !== joined.memberId) {
      topics.watchOnlyOwn();
      return { assignment: await this.#sync(joined, [], signal), topics: undefined };
    }
    const members = readMembers(joined.members);
    const wanted = topicsOf(members);
    const known = await topics.ofGroup(wanted, signal);
    // KIP-814: a static leader that comes back leaves the group as it is.
    const assignments = joined.skipAssignment
      ? []
      : assignmentsFor(assignor, {
          members,
          topics: assignableTopics(known, cluster),
          isCooperative: protocol === "cooperative",
        });
    return { assignment: await this.#sync(joined, assignments, signal), topics: wanted };
  }

  async #sync(
    joined: Joined,
    assignments: readonly { readonly memberId: string; readonly assignment: Uint8Array }[],
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const { link, options, lane } = this.#parts;
    const { body } = await link.ask(
      SyncGroup,
      {
        groupId: link.groupId,
        generationId: joined.generationId,
        memberId: joined.memberId,
        groupInstanceId: options.groupInstanceId ?? null,
        protocolType: CONSUMER_PROTOCOL_TYPE,
        protocolName: joined.protocolName,
        assignments,
      },
      { lane, signal, timeoutMs: options.maxPollIntervalMs + joinGroupSlackMs },
    );
    if (body.errorCode === 0) return body.assignment;
    throw errorFromCode(body.errorCode, { api: "SyncGroup", group: link.groupId });
  }

  /** Gives up what went to others, takes over what came. */
  async #takeOver(bytes: Uint8Array, assignor: Assignor): Promise<Omit<Rebalanced, "ledTopics">> {
    const { owned, topics, protocol, options, identity, status } = this.#parts;
    const joinedTopics = this.#joinedTopics;
    const assigned = readAssignment(bytes);
    if (assigned.some(({ topic }) => !topics.includes(topic))) {
      const rejoinReason = "received assignment does not match the current subscription";
      return { rejoinReason, joinedTopics };
    }
    const { generation } = identity;
    const now = new PartitionSet(assigned);
    const revoked = owned.current.without(now);
    const added: readonly TopicPartition[] = now.without(owned.current);
    if (revoked.length > 0) await owned.revoke(revoked, options.maxPollIntervalMs);
    assignor.onAssignment(assigned, generation);
    // Thrown out while it gave up: what it was given is another's already.
    if (identity.generation !== generation) {
      return { rejoinReason: "the member was fenced while it took over", joinedTopics };
    }
    status.noteRebalance();
    await owned.assign(added);
    const mustRejoin = protocol === "cooperative" && revoked.length > 0;
    const rejoinReason = mustRejoin ? "need to revoke partitions and re-join" : undefined;
    return { rejoinReason, joinedTopics };
  }
}
