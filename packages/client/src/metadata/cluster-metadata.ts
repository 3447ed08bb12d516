import type { Timer } from "@millrace/platform";
import { type BrokerId, errorCodes, Metadata, type Uuid, ZERO_UUID } from "@millrace/protocol";
import type { Answer, Cluster, RequestFor } from "../cluster.ts";
import {
  asKafkaError,
  errorFromCode,
  isRetriableError,
  KafkaError,
} from "../errors/kafka-error.ts";
import type { BrokerDirectory } from "../network/broker-directory.ts";
import { backoffMs } from "../retry/backoff.ts";
import { Deadline } from "../retry/deadline.ts";
import { retrying } from "../retry/retrying.ts";
import { throwIfAborted, waitMs, within } from "../retry/wait.ts";
import type {
  BrokerNode,
  LearnedLeader,
  LoadOptions,
  MetadataCache,
  MetadataChange,
  TopicMetadata,
} from "./metadata-cache.ts";
import { TopicInterest } from "./topic-interest.ts";
import { TopicTable } from "./topic-table.ts";

/** What it asks, and what it tells of brokers. */
export interface ClusterMetadataOptions {
  readonly cluster: Pick<
    Cluster,
    "clock" | "random" | "logger" | "options" | "closed" | "sendToAny"
  >;
  readonly directory: BrokerDirectory;
}

/** What one question is about: all topics, or some. */
interface Question {
  readonly names: readonly string[] | null;
  readonly allowAutoCreate: boolean;
}

/**
 * What is known of the cluster. One question at a time is on its way: who asks meanwhile is served
 * by the next, together with all others.
 */
export class ClusterMetadata implements MetadataCache {
  controllerId: BrokerId = -1;
  clusterId: string | undefined;
  readonly #options: ClusterMetadataOptions;
  readonly #topics = new TopicTable();
  readonly #interest: TopicInterest;
  readonly #listeners = new Set<(change: MetadataChange) => void>();
  #brokers = new Map<BrokerId, BrokerNode>();
  /** Why a topic that was asked for is not there, until it is. */
  readonly #refusals = new Map<string, KafkaError>();
  #refreshing: Promise<void> | undefined;
  /** The topics that the next question of `load` is about. */
  readonly #wanted = new Map<string, boolean>();
  #asking: Promise<void> | undefined;
  #ageTimer: Timer | undefined;
  #failures = 0;
  /** Answers in a row that changed nothing although one was asked for (KIP-580). */
  #unchanged = 0;
  #lastAskedMs = Number.NEGATIVE_INFINITY;
  #lastAnsweredMs: number | undefined;
  #hasEnded = false;

  constructor(options: ClusterMetadataOptions) {
    this.#options = options;
    const { clock, options: client } = options.cluster;
    this.#interest = new TopicInterest(clock, client.metadataMaxIdleMs);
  }

  topic(name: string): TopicMetadata | undefined {
    this.#interest.use(name);
    return this.#topics.get(name);
  }

  topicById(id: Uuid): TopicMetadata | undefined {
    return this.#topics.byId(id);
  }

  brokers(): readonly BrokerNode[] {
    return [...this.#brokers.values()];
  }

  broker(id: BrokerId): BrokerNode | undefined {
    return this.#brokers.get(id);
  }

  onChange(listener: (change: MetadataChange) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  keep(names: readonly string[]): () => void {
    return this.#interest.keep(names);
  }

  keepAll(): () => void {
    return this.#interest.keepAll();
  }

  async load(
    names: readonly string[],
    options: LoadOptions = {},
  ): Promise<ReadonlyMap<string, TopicMetadata | KafkaError>> {
    const deadline = this.#deadline(options);
    for (const name of names) this.#interest.use(name);
    const isFresh = options.acceptCached === false;
    const missing = isFresh ? names : this.#unknownOf(names);
    if (isFresh || missing.length > 0) await this.#loadMissing(missing, deadline, options);
    return new Map(names.map((name) => [name, this.#resultOf(name, deadline.timeoutMs)]));
  }

  async loadAll(
    options: Omit<LoadOptions, "allowAutoCreate"> = {},
  ): Promise<ReadonlyMap<string, TopicMetadata>> {
    const what = "asking for all topics";
    const answer = await retrying(
      this.#options.cluster,
      { what, timeoutMs: options.timeoutMs, signal: options.signal },
      () => this.#ask({ names: null, allowAutoCreate: false }, options.signal),
    );
    const told = answer.body.topics.flatMap(({ name }) => (name === null ? [] : [name]));
    return new Map(
      told.flatMap((name) => {
        const topic = this.#topics.get(name);
        return topic === undefined ? [] : [[name, topic]];
      }),
    );
  }

  refreshSoon(reason: string): Promise<void> {
    if (this.#hasEnded) return Promise.resolve();
    if (this.#refreshing === undefined) {
      this.#options.cluster.logger.debug("metadata will be asked for", { reason });
      this.#refreshing = this.#refresh().finally(() => {
        this.#refreshing = undefined;
      });
    }
    return this.#refreshing;
  }

  learnLeader(learned: LearnedLeader): boolean {
    const { endpoint, leader, topic } = learned;
    if (!this.#topics.learn(learned)) return false;
    const brokersChanged = endpoint !== undefined && !this.#brokers.has(leader);
    if (endpoint !== undefined) {
      const node = { id: leader, host: endpoint.host, port: endpoint.port };
      this.#brokers.set(leader, { ...node, rack: endpoint.rack ?? undefined });
      this.#options.directory.learn(node);
    }
    this.#tell({ topics: new Set([topic]), brokersChanged });
    return true;
  }

  /** Asks until every topic is there or is refused for good, or the time is over. */
  async #loadMissing(
    names: readonly string[],
    deadline: Deadline,
    { allowAutoCreate = true, signal }: LoadOptions,
  ): Promise<void> {
    let missing = names;
    let isAnswered = false;
    let failure: KafkaError | undefined;
    for (let failures = 0; !deadline.hasPassed(); failures += 1) {
      if (failures > 0) await this.#pause(failures - 1, deadline, signal);
      throwIfAborted(signal, "asking for topics");
      for (const name of missing) this.#wanted.set(name, allowAutoCreate);
      const earlier = failure;
      failure = await this.#failureOf(this.#askWanted(), deadline, signal);
      if (failure === undefined) {
        isAnswered = true;
        missing = this.#unknownOf(missing).filter((name) => this.#mayAppear(name));
        if (missing.length === 0) return;
      } else if (deadline.hasPassed()) {
        // Why it failed before tells more than that there was no time left.
        failure = earlier ?? failure;
      }
    }
    // What a broker said of every topic before tells more than why it says nothing now.
    if (failure !== undefined && !isAnswered) throw failure;
  }

  /** Ends what runs in the background. */
  end(): void {
    this.#hasEnded = true;
    this.#ageTimer?.cancel();
    this.#listeners.clear();
  }

  /** Asks once, after the pause that keeps questions apart. */
  async #refresh(): Promise<void> {
    const { clock } = this.#options.cluster;
    const dueMs = this.#lastAskedMs + this.#pauseMs(Math.max(this.#failures, this.#unchanged));
    try {
      const { closed } = this.#options.cluster;
      const pauseMs = dueMs - clock.monotonicMs();
      if (pauseMs > 0) await waitMs(clock, pauseMs, closed);
      const names = this.#interest.isAll ? null : this.#interest.names();
      await this.#ask({ names, allowAutoCreate: false });
    } catch (error) {
      if (this.#hasEnded) return;
      this.#options.cluster.logger.debug("asking for metadata failed", { error: String(error) });
      this.#planRefresh(this.#pauseMs(this.#failures));
    }
  }

  /** Asks for the topics that `load` wants; calls of one turn share a question. */
  #askWanted(): Promise<void> {
    this.#asking ??= Promise.resolve().then(async () => {
      const wanted = [...this.#wanted];
      this.#wanted.clear();
      this.#asking = undefined;
      const allowAutoCreate = wanted.some(([, allowed]) => allowed);
      await this.#ask({ names: wanted.map(([name]) => name), allowAutoCreate });
    });
    return this.#asking;
  }

  async #ask(question: Question, signal?: AbortSignal): Promise<Answer<typeof Metadata>> {
    const { cluster } = this.#options;
    this.#lastAskedMs = cluster.clock.monotonicMs();
    try {
      const request = requestOf(question);
      const answer = await cluster.sendToAny(Metadata, request, { signal });
      const { errorCode } = answer.body;
      if (errorCode !== errorCodes.NONE) throw this.#refused(errorCode, answer.node);
      this.#apply(answer, question);
      return answer;
    } catch (error) {
      this.#failures += 1;
      this.#rebootstrapIfStale();
      throw asKafkaError(error, "NETWORK_EXCEPTION", { what: "asking for metadata failed" });
    }
  }

  #refused(errorCode: number, node: BrokerId): KafkaError {
    if (errorCode === errorCodes.REBOOTSTRAP_REQUIRED) this.#rebootstrap("a broker asks for it");
    return errorFromCode(errorCode, { api: Metadata.name, node });
  }

  /** KIP-1102: without an answer for too long, what is known of brokers is not worth much. */
  #rebootstrapIfStale(): void {
    const { clock, options } = this.#options.cluster;
    if (this.#lastAnsweredMs === undefined) return;
    const staleMs = clock.monotonicMs() - this.#lastAnsweredMs;
    if (staleMs < options.metadataRecoveryRebootstrapTriggerMs) return;
    this.#lastAnsweredMs = clock.monotonicMs();
    this.#rebootstrap(`there was no metadata for ${Math.round(staleMs)} ms`);
  }

  #rebootstrap(reason: string): void {
    const { cluster, directory } = this.#options;
    if (cluster.options.metadataRecoveryStrategy !== "rebootstrap") return;
    cluster.logger.info("the client begins again from the bootstrap addresses", { reason });
    directory.bootstrap();
  }

  #apply({ body, version }: Answer<typeof Metadata>, question: Question): void {
    const { clock } = this.#options.cluster;
    this.#failures = 0;
    this.#lastAnsweredMs = clock.monotonicMs();
    this.controllerId = body.controllerId;
    this.clusterId = body.clusterId ?? undefined;
    const brokersChanged = this.#applyBrokers(body.brokers);
    const changed = new Set<string>();
    const told = new Set<string>();
    for (const topic of body.topics) {
      const { name } = topic;
      if (name === null) continue;
      told.add(name);
      if (this.#applyTopic({ ...topic, name }, version)) changed.add(name);
    }
    if (question.names === null) {
      for (const name of this.#topics.names()) {
        if (!told.has(name) && this.#topics.remove(name)) changed.add(name);
      }
    }
    this.#unchanged = changed.size === 0 && !brokersChanged ? this.#unchanged + 1 : 0;
    this.#planRefresh(this.#options.cluster.options.metadataMaxAgeMs);
    if (changed.size > 0 || brokersChanged) this.#tell({ topics: changed, brokersChanged });
  }

  #applyBrokers(told: Answer<typeof Metadata>["body"]["brokers"]): boolean {
    if (told.length === 0) return false;
    const nodes = told.map(({ nodeId, host, port, rack }) => ({
      id: nodeId,
      host,
      port,
      rack: rack ?? undefined,
    }));
    const known = this.#brokers;
    const hasChanged = nodes.length !== known.size || nodes.some((node) => !isSame(known, node));
    this.#brokers = new Map(nodes.map((node) => [node.id, node]));
    this.#options.directory.replace(nodes);
    return hasChanged;
  }

  #applyTopic(
    topic: Answer<typeof Metadata>["body"]["topics"][number] & { readonly name: string },
    version: number,
  ): boolean {
    const { name, errorCode } = topic;
    if (errorCode === errorCodes.NONE) {
      this.#refusals.delete(name);
      return this.#topics.update(topic, version);
    }
    this.#refusals.set(
      name,
      errorFromCode(errorCode, { what: "the topic cannot be used", topic: name }),
    );
    const isGone = errorCode === errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
    return isGone && this.#topics.remove(name);
  }

  #tell(change: MetadataChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  #planRefresh(delayMs: number): void {
    this.#ageTimer?.cancel();
    if (this.#hasEnded) return;
    this.#ageTimer = this.#options.cluster.clock.setTimer(delayMs, () => {
      for (const name of this.#interest.forgetIdle()) {
        this.#topics.remove(name);
        this.#refusals.delete(name);
      }
      void this.refreshSoon("it is old");
    });
  }

  #unknownOf(names: readonly string[]): readonly string[] {
    return names.filter((name) => this.#topics.get(name) === undefined || this.#refusals.has(name));
  }

  /** Whether asking again may help: Java's producer waits for a topic that is unknown. */
  #mayAppear(name: string): boolean {
    const refusal = this.#refusals.get(name);
    return refusal === undefined || refusal.retriable;
  }

  #resultOf(name: string, timeoutMs: number): TopicMetadata | KafkaError {
    const topic = this.#topics.get(name);
    const refusal = this.#refusals.get(name);
    if (topic !== undefined && refusal === undefined) return topic;
    if (refusal !== undefined && !refusal.retriable) return refusal;
    const what = `the topic was not found within ${Math.round(timeoutMs)} ms`;
    const code = refusal?.code ?? "UNKNOWN_TOPIC_OR_PARTITION";
    return new KafkaError(code, what, { topic: name, cause: refusal });
  }

  #deadline(options: { readonly timeoutMs?: number | undefined }): Deadline {
    const { clock, options: client } = this.#options.cluster;
    return new Deadline(clock, options.timeoutMs ?? client.defaultApiTimeoutMs);
  }

  #pauseMs(failures: number): number {
    const { options, random } = this.#options.cluster;
    const backoff = { initialMs: options.retryBackoffMs, maxMs: options.retryBackoffMaxMs };
    return backoffMs(failures, backoff, random);
  }

  async #pause(
    failures: number,
    deadline: Deadline,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { clock, closed } = this.#options.cluster;
    const pauseMs = Math.min(this.#pauseMs(failures), deadline.remainingMs());
    await waitMs(clock, pauseMs, signal ?? closed);
    throwIfAborted(closed, "asking for topics");
  }

  /** Waits for a question; gives why it failed, if asking again may help. @throws KafkaError */
  async #failureOf(
    asking: Promise<void>,
    deadline: Deadline,
    signal: AbortSignal | undefined,
  ): Promise<KafkaError | undefined> {
    const { clock } = this.#options.cluster;
    const what = "asking for topics";
    const timeoutMs = deadline.remainingMs();
    const timedOut = (): KafkaError => {
      const message = `${what} took longer than ${Math.round(deadline.timeoutMs)} ms`;
      return new KafkaError("REQUEST_TIMED_OUT", message);
    };
    try {
      await within(asking, { clock, timeoutMs, signal, what, timedOut });
      return undefined;
    } catch (error) {
      if (!isRetriableError(error)) throw error;
      return asKafkaError(error, "NETWORK_EXCEPTION", { what });
    }
  }
}

function requestOf({ names, allowAutoCreate }: Question): RequestFor<typeof Metadata> {
  return (version) => {
    const topics = names?.map((name) => ({ topicId: ZERO_UUID, name })) ?? null;
    // Version 0 has no null: an empty list asks for every topic.
    if (version === 0) return { topics: topics ?? [] };
    return version < 4 ? { topics } : { topics, allowAutoTopicCreation: allowAutoCreate };
  };
}

function isSame(known: ReadonlyMap<BrokerId, BrokerNode>, node: BrokerNode): boolean {
  const older = known.get(node.id);
  return older?.host === node.host && older.port === node.port && older.rack === node.rack;
}
