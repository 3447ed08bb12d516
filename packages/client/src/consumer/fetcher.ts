import { type BrokerId, errorName, Fetch, type Uuid, ZERO_UUID } from "@millrace/protocol";
import type { Timer } from "@millrace/platform";
import type { Answer } from "../cluster.ts";
import { KafkaError } from "../errors/kafka-error.ts";
import { backoffMs } from "../retry/backoff.ts";
import type { AssignedPartition } from "./assigned-partition.ts";
import {
  applyPart,
  type FetchAnswerContext,
  isCurrent,
  learnLeaders,
  type PartOutcome,
} from "./fetch-answer.ts";
import { FetchSession, type SentPartition } from "./fetch-session.ts";
import { leaderEpochOf, leaderOf } from "./position-resolver.ts";

/** What the fetcher works with. */
export interface FetcherContext<K, V> extends FetchAnswerContext<K, V> {
  /** The partitions of this moment. */
  readonly partitions: () => Iterable<AssignedPartition<K, V>>;
  /** Ends every request. */
  readonly signal: AbortSignal;
}

/** Fetches have connections of their own: a long poll holds up what comes behind it. */
const FETCH_LANE = "fetch";
/** The first version of Fetch that names topics by their ids. */
const IDS_VERSION = 13;
/** How long to wait at the broker for news while another of its partitions only lacks room. */
const FULL_PARTITION_WAIT_MS = 50;
/** The largest number of bytes that a request can ask for. */
const INT32_MAX = 0x7fffffff;

/** What is going on with one broker. */
interface BrokerFetch<K, V> {
  readonly node: BrokerId;
  readonly session: FetchSession<K, V>;
  isInFlight: boolean;
  /** Bytes that the answer under way may bring. */
  reservedBytes: number;
  failures: number;
  notBeforeMs: number;
}

interface Wanted<K, V> {
  readonly partitions: SentPartition<K, V>[];
  hasIds: boolean;
  /** A partition of the broker is left out because its buffer is full. */
  hasFull: boolean;
}

/**
 * Fetches ahead of the application: one request at a time per broker, as long as there is room for
 * what it may bring.
 */
export class Fetcher<K, V> {
  readonly #context: FetcherContext<K, V>;
  readonly #brokers = new Map<BrokerId, BrokerFetch<K, V>>();
  #isPlanned = false;
  #timer: Timer | undefined;
  #timerAtMs = Number.POSITIVE_INFINITY;

  constructor(context: FetcherContext<K, V>) {
    this.#context = context;
  }

  /** Has requests sent for what may be fetched now, soon; many calls are one. */
  wake(): void {
    if (this.#isPlanned || this.#context.signal.aborted) return;
    this.#isPlanned = true;
    queueMicrotask(() => {
      this.#isPlanned = false;
      this.#run();
    });
  }

  /** Ends the sessions at the brokers, without waiting for what they say. */
  close(): void {
    this.#timer?.cancel();
    const { cluster } = this.#context;
    for (const { node, session } of this.#brokers.values()) {
      if (!session.isOpen) continue;
      const request = { ...session.closeRequest(), maxWaitMs: 0, minBytes: 0 };
      // The broker forgets idle sessions by itself: a request that fails costs it nothing else.
      cluster
        .send(node, Fetch, request, { lane: FETCH_LANE, minVersion: 7 })
        .catch(() => undefined);
    }
  }

  #run(): void {
    const { partitions, positions, signal } = this.#context;
    if (signal.aborted) return;
    const byBroker = new Map<BrokerId, Wanted<K, V>>();
    for (const partition of partitions()) this.#select(partition, byBroker);
    positions.resolve(partitions());
    for (const [node, wanted] of byBroker) this.#fetch(node, wanted);
  }

  /** Puts a partition to those of its broker, if it may be fetched. */
  #select(partition: AssignedPartition<K, V>, byBroker: Map<BrokerId, Wanted<K, V>>): void {
    const { cluster, options } = this.#context;
    if (partition.notBeforeMs > cluster.clock.monotonicMs()) {
      this.#wakeAt(partition.notBeforeMs);
      return;
    }
    if (!isFetchable(partition)) return;
    const leader = leaderOf(cluster, partition);
    if (leader < 0) {
      partition.noteFetch(cluster.clock.monotonicMs());
      this.#refresh("a partition has no leader", [partition]);
      return;
    }
    const topicId = cluster.metadata.topic(partition.topic)?.id ?? ZERO_UUID;
    if (this.#isOtherTopic(partition, topicId)) return;
    const leaderEpoch = leaderEpochOf(cluster, partition);
    if (!this.#isValidated(partition, leaderEpoch)) return;
    const node = this.#replicaOf(partition, leader);
    const wanted = byBroker.get(node) ?? { partitions: [], hasIds: true, hasFull: false };
    byBroker.set(node, wanted);
    if (partition.bufferedBytes > options.maxPartitionFetchBytes) {
      wanted.hasFull = true;
      partition.fetchFailingSinceMs = -1;
      return;
    }
    if (topicId === ZERO_UUID) wanted.hasIds = false;
    wanted.partitions.push(sentOf(partition, topicId, leaderEpoch));
  }

  /** A topic that was deleted and made again is another log: a position says nothing of it. */
  #isOtherTopic(partition: AssignedPartition, topicId: Uuid): boolean {
    const known = partition.topicId;
    if (topicId === ZERO_UUID || known === topicId) return false;
    partition.topicId = topicId;
    if (known === undefined) return false;
    const { cluster, positions } = this.#context;
    const { topic, partition: index } = partition;
    cluster.logger.warn("the topic was deleted and made again", { partition: partition.key });
    positions.applyResetPolicy(partition, () => {
      const what = "the topic was deleted and made again: there is no such offset";
      return new KafkaError("OFFSET_OUT_OF_RANGE", what, { topic, partition: index });
    });
    return true;
  }

  /** Whether a new leader's log need not be looked at first (KIP-320). */
  #isValidated(partition: AssignedPartition, leaderEpoch: number): boolean {
    if (partition.validatedEpoch >= leaderEpoch) return true;
    if (partition.fetchEpoch < 0 || partition.fetchEpoch === leaderEpoch) {
      partition.validatedEpoch = leaderEpoch;
      return true;
    }
    partition.state = "await_validation";
    return false;
  }

  #replicaOf(partition: AssignedPartition, leader: BrokerId): BrokerId {
    const { preferredReplica, preferredReplicaEndMs } = partition;
    if (preferredReplica < 0) return leader;
    const { cluster } = this.#context;
    const isOver = cluster.clock.monotonicMs() >= preferredReplicaEndMs;
    if (!isOver && cluster.metadata.broker(preferredReplica) !== undefined) return preferredReplica;
    partition.preferredReplica = -1;
    return leader;
  }

  #fetch(node: BrokerId, wanted: Wanted<K, V>): void {
    const broker = this.#broker(node);
    if (broker.isInFlight) return;
    const nowMs = this.#context.cluster.clock.monotonicMs();
    if (broker.notBeforeMs > nowMs) {
      this.#wakeAt(broker.notBeforeMs);
      return;
    }
    if (wanted.partitions.length === 0) return;
    const maxBytes = this.#roomFor(wanted.partitions.length);
    if (maxBytes === 0) {
      // It is the application that is waited for.
      for (const { partition } of wanted.partitions) partition.fetchFailingSinceMs = -1;
      return;
    }
    broker.isInFlight = true;
    broker.reservedBytes = maxBytes;
    for (const { partition } of wanted.partitions) {
      partition.isInFlight = true;
      partition.noteFetch(nowMs);
    }
    this.#send(broker, wanted, maxBytes).then(
      () => this.#end(broker, wanted),
      (error: unknown) => {
        this.#failed(broker, wanted, error);
        this.#end(broker, wanted);
      },
    );
  }

  #end(broker: BrokerFetch<K, V>, wanted: Wanted<K, V>): void {
    broker.isInFlight = false;
    broker.reservedBytes = 0;
    for (const { partition } of wanted.partitions) partition.isInFlight = false;
    // At once and not soon: the next request is on its way while the application works.
    if (!this.#isPlanned) this.#run();
  }

  async #send(broker: BrokerFetch<K, V>, wanted: Wanted<K, V>, maxBytes: number): Promise<void> {
    const { cluster, options, signal } = this.#context;
    const { node, session } = broker;
    const versions = await cluster.versionsOf(node, Fetch);
    const usesIds = wanted.hasIds && (versions?.last ?? 0) >= IDS_VERSION;
    const fields = session.request(wanted.partitions, {
      usesIds,
      maxBytes: options.maxPartitionFetchBytes,
    });
    const request = {
      ...fields,
      maxWaitMs: wanted.hasFull
        ? Math.min(FULL_PARTITION_WAIT_MS, options.fetchMaxWaitMs)
        : options.fetchMaxWaitMs,
      minBytes: options.fetchMinBytes,
      maxBytes,
      isolationLevel: options.isolation === "read_committed" ? 1 : 0,
      rackId: options.clientRack,
    };
    const answer = await cluster.send(node, Fetch, request, {
      lane: FETCH_LANE,
      signal,
      timeoutMs: cluster.options.requestTimeoutMs + options.fetchMaxWaitMs,
      ...(usesIds ? { minVersion: IDS_VERSION } : { maxVersion: IDS_VERSION - 1 }),
    });
    const failed = this.#apply(broker, usesIds, answer);
    // An answer within a session leaves out those that it has nothing new of.
    if (failed === "all") return;
    for (const { partition } of wanted.partitions) {
      if (!failed.has(partition)) partition.fetchFailingSinceMs = -1;
    }
  }

  /** Applies an answer; gives the partitions that it refuses. */
  #apply(
    broker: BrokerFetch<K, V>,
    usesIds: boolean,
    answer: Answer<typeof Fetch>,
  ): ReadonlySet<AssignedPartition> | "all" {
    const { cluster } = this.#context;
    const { body } = answer;
    const { session } = broker;
    const error = errorName(body.errorCode);
    if (error !== "NONE") {
      cluster.logger.debug("a fetch session is refused", { broker: broker.node, error });
      session.fail(error);
      if (error === "FETCH_SESSION_TOPIC_ID_ERROR") {
        this.#refresh("a topic has another id", []);
        this.#delay(broker);
      }
      return "all";
    }
    broker.failures = 0;
    const failed = new Set<AssignedPartition>();
    const stale: AssignedPartition[] = [];
    for (const topic of body.responses) {
      const key: Uuid | string = usesIds ? topic.topicId : topic.topic;
      for (const part of topic.partitions) {
        const sent = session.find(key, part.partitionIndex);
        if (sent === undefined) continue;
        learnLeaders(cluster, sent, part, body);
        if (part.errorCode !== 0) failed.add(sent.partition);
        this.#applyOutcome(sent.partition, applyPart(this.#context, sent, part), stale);
      }
    }
    session.succeed(body.sessionId);
    if (stale.length > 0) this.#refresh("a fetch found another leader", stale);
    return failed;
  }

  #applyOutcome(
    partition: AssignedPartition,
    outcome: PartOutcome,
    stale: AssignedPartition[],
  ): void {
    if (outcome === "fine") return;
    const { cluster } = this.#context;
    const { retryBackoffMs, retryBackoffMaxMs } = cluster.options;
    const backoff = { initialMs: retryBackoffMs, maxMs: retryBackoffMaxMs };
    const pauseMs = backoffMs(partition.failures, backoff, cluster.random);
    partition.failures += 1;
    partition.notBeforeMs = cluster.clock.monotonicMs() + pauseMs;
    if (outcome === "stale") stale.push(partition);
  }

  #failed(broker: BrokerFetch<K, V>, wanted: Wanted<K, V>, error: unknown): void {
    const { cluster, signal } = this.#context;
    if (signal.aborted) return;
    cluster.logger.debug("a fetch failed", { broker: broker.node, error });
    broker.session.restart();
    for (const sent of wanted.partitions) {
      if (isCurrent(sent)) sent.partition.preferredReplica = -1;
    }
    this.#delay(broker);
    this.#refresh("a fetch failed", []);
  }

  #delay(broker: BrokerFetch<K, V>): void {
    const { cluster } = this.#context;
    const { retryBackoffMs, retryBackoffMaxMs } = cluster.options;
    const backoff = { initialMs: retryBackoffMs, maxMs: retryBackoffMaxMs };
    broker.notBeforeMs =
      cluster.clock.monotonicMs() + backoffMs(broker.failures, backoff, cluster.random);
    broker.failures += 1;
  }

  /** Asks for Metadata; partitions that wait for it are looked at again when it came. */
  #refresh(reason: string, waiting: readonly AssignedPartition[]): void {
    const { cluster, signal } = this.#context;
    const refreshed = cluster.metadata.refreshSoon(reason);
    if (waiting.length === 0) return;
    for (const partition of waiting) partition.awaitsMetadata = true;
    const again = (): void => {
      for (const partition of waiting) partition.awaitsMetadata = false;
      if (!signal.aborted) this.wake();
    };
    refreshed.then(again, again);
  }

  /** Bytes that a request may bring; 0: there is no room. */
  #roomFor(partitionCount: number): number {
    const { options, buffer } = this.#context;
    const { fetchBufferBytes, fetchMaxBytes, maxPartitionFetchBytes } = options;
    let free = fetchBufferBytes - buffer.sizeBytes;
    for (const broker of this.#brokers.values()) free -= broker.reservedBytes;
    const wanted = Math.min(fetchMaxBytes, partitionCount * maxPartitionFetchBytes, INT32_MAX);
    if (free >= Math.min(wanted, maxPartitionFetchBytes)) return Math.min(wanted, free);
    // What is paused must not keep the others from being read: it is fetched again later.
    if (buffer.isEmpty) this.#dropPaused();
    const hasAnything = buffer.sizeBytes > 0 || free < fetchBufferBytes - buffer.sizeBytes;
    return hasAnything ? 0 : Math.min(wanted, fetchBufferBytes);
  }

  #dropPaused(): void {
    const { buffer, partitions } = this.#context;
    for (const partition of partitions()) {
      if (!partition.isPaused || partition.bufferedBytes === 0) continue;
      buffer.drop(partition);
      partition.version += 1;
      partition.fetchOffset = partition.position;
      partition.fetchEpoch = partition.positionEpoch;
    }
  }

  #wakeAt(atMs: number): void {
    if (this.#timerAtMs <= atMs) return;
    const { clock } = this.#context.cluster;
    this.#timer?.cancel();
    this.#timerAtMs = atMs;
    this.#timer = clock.setTimer(Math.max(1, atMs - clock.monotonicMs()), () => {
      this.#timerAtMs = Number.POSITIVE_INFINITY;
      this.wake();
    });
  }

  #broker(node: BrokerId): BrokerFetch<K, V> {
    const known = this.#brokers.get(node);
    if (known !== undefined) return known;
    const session = new FetchSession<K, V>();
    const broker = {
      node,
      session,
      isInFlight: false,
      reservedBytes: 0,
      failures: 0,
      notBeforeMs: 0,
    };
    this.#brokers.set(node, broker);
    return broker;
  }
}

function isFetchable(partition: AssignedPartition): boolean {
  if (partition.state !== "fetching" || partition.isLeaving || partition.isPaused) return false;
  return !partition.isInFlight && !partition.awaitsMetadata && !partition.hasFailure;
}

function sentOf<K, V>(
  partition: AssignedPartition<K, V>,
  topicId: Uuid,
  leaderEpoch: number,
): SentPartition<K, V> {
  const { version, fetchOffset, fetchEpoch } = partition;
  return { partition, topicId, version, fetchOffset, leaderEpoch, lastFetchedEpoch: fetchEpoch };
}
