import type { Timer } from "@millrace/platform";
import { valueOf } from "../admin/settle-each.ts";
import type { Client } from "../main.ts";
import {
  checkConsumerConfig,
  checkRunConfig,
  type ConsumerConfig,
  type ConsumerRunConfig,
  consumerOptionsOf,
  type ConsumerSubscription,
} from "./consumer-config.ts";
import { consumerEvents, untoldConsumerEvents } from "./consumer-events.ts";
import { ConsumerSession } from "./consumer-session.ts";
import type { FacadeContext } from "./connection.ts";
import {
  asKafkaJsError,
  KafkaJSError,
  KafkaJSNonRetriableError,
  KafkaJSNumberOfRetriesExceeded,
  translated,
} from "./errors.ts";
import { groupDescription, type GroupDescription } from "./group-shapes.ts";
import { type InstrumentationEvent, Instrumentation } from "./instrumentation.ts";
import type { Logger } from "./logger.ts";
import { PausedPartitions } from "./paused-partitions.ts";
import type { RetryOptions, TopicPartitionOffset, TopicPartitions } from "./types.ts";

const RESTART_MS = 300;

/** kafkajs's consumer. Heartbeats go on by themselves, however long a handler takes. */
export class Consumer {
  readonly events: typeof consumerEvents = consumerEvents;
  readonly #context: FacadeContext;
  readonly #config: ConsumerConfig;
  readonly #instrumentation: Instrumentation;
  readonly #topics = new Map<string, boolean>();
  readonly #paused = new PausedPartitions();
  readonly #seeks = new Map<string, TopicPartitionOffset>();
  #client: Client | undefined;
  #session: ConsumerSession | undefined;
  #running: Promise<void> | undefined;
  #isWanted = false;
  #timer: Timer | undefined;
  #wakeRestart: (() => void) | undefined;

  /** @throws KafkaJSNonRetriableError for an option that is not known */
  constructor(context: FacadeContext, config: ConsumerConfig) {
    checkConsumerConfig(config);
    const { clock, logger } = context;
    if (config.maxInFlightRequests !== undefined) {
      logger.warn("maxInFlightRequests has no effect: one fetch at a time goes to a broker");
    }
    this.#context = context;
    this.#config = config;
    const names = consumerEvents;
    const untold = untoldConsumerEvents;
    this.#instrumentation = new Instrumentation({ clock, logger, names, untold });
  }

  /** @throws KafkaJSNumberOfRetriesExceeded when no broker can be reached */
  async connect(): Promise<void> {
    if (this.#client !== undefined) return;
    const { retry, metadataMaxAge } = this.#config;
    await translated(async () => {
      const client = await this.#context.open({ retry, metadataMaxAge });
      this.#client = client;
      try {
        await client.connect();
      } catch (error) {
        this.#client = undefined;
        await client.close();
        throw error;
      }
    });
    this.#instrumentation.emit(consumerEvents.CONNECT, null);
  }

  /** Stops, and ends its connections. */
  async disconnect(): Promise<void> {
    await this.stop();
    const client = this.#client;
    if (client === undefined) return;
    this.#client = undefined;
    await client.close();
    this.#instrumentation.emit(consumerEvents.DISCONNECT, null);
  }

  /** Adds topics; patterns stand for the topics that there are now. */
  async subscribe(given: ConsumerSubscription): Promise<void> {
    if (this.#isWanted) {
      throw new KafkaJSNonRetriableError("Cannot subscribe to topic while consumer is running");
    }
    const wanted = "topics" in given ? given.topics : [given.topic];
    if (!Array.isArray(wanted))
      throw new KafkaJSNonRetriableError('Argument "topics" must be an array');
    const { fromBeginning = false } = given;
    for (const topic of wanted) {
      if (typeof topic === "string" && topic !== "") this.#topics.set(topic, fromBeginning);
      else if (topic instanceof RegExp) await this.#subscribePattern(topic, fromBeginning);
      else throw new KafkaJSNonRetriableError(`Invalid topic ${String(topic)}`);
    }
  }

  /** Begins to consume; resolves when it has joined its group. */
  async run(config: ConsumerRunConfig = {}): Promise<void> {
    if (this.#isWanted) {
      this.#context.logger.warn("consumer#run was called, but the consumer is already running");
      return;
    }
    checkRunConfig(config);
    const client = this.#connected();
    this.#isWanted = true;
    const joined = Promise.withResolvers<void>();
    this.#running = this.#keepRunning(client, config, joined.resolve);
    await joined.promise;
  }

  /** Ends consuming: what is in hand is finished, what is done committed, and it leaves. */
  async stop(): Promise<void> {
    if (this.#running === undefined) return;
    this.#isWanted = false;
    this.#session?.stop();
    this.#wakeRestart?.();
    await this.#running;
    this.#running = undefined;
    this.#instrumentation.emit(consumerEvents.STOP, null);
  }

  /** Commits: each offset is that of the next message to read. */
  async commitOffsets(
    offsets: readonly (TopicPartitionOffset & { readonly metadata?: string | null })[] = [],
  ): Promise<void> {
    for (const one of offsets) checkPlace(one, false);
    const session = this.#initialized();
    await translated(() => session.commit(offsets));
  }

  /** Goes on at an offset; "-1" is the end, "-2" the beginning. */
  seek(place: TopicPartitionOffset): void {
    checkPlace(place, true);
    if (!this.#isWanted) this.#initialized();
    const { topic, partition } = place;
    this.#seeks.set(`${topic}-${partition}`, { ...place, offset: String(place.offset) });
    this.#session?.applySeeks();
  }

  pause(topics: readonly { topic: string; partitions?: readonly number[] }[] = []): void {
    this.#setPaused(topics, true);
  }

  resume(topics: readonly { topic: string; partitions?: readonly number[] }[] = []): void {
    this.#setPaused(topics, false);
  }

  /** The assigned partitions that are paused. */
  paused(): TopicPartitions[] {
    return this.#paused.among(this.#session?.assignment() ?? []);
  }

  async describeGroup(): Promise<GroupDescription> {
    const { groupId } = this.#config;
    return translated(async () => {
      const groups = await this.#connected().admin().describeClassicGroups([groupId]);
      return groupDescription(valueOf(groups.get(groupId), "describing the group"));
    });
  }

  on(name: string, listener: (event: InstrumentationEvent<never>) => unknown): () => void {
    return this.#instrumentation.on(name, listener);
  }

  logger(): Logger {
    return this.#context.logger;
  }

  async #subscribePattern(pattern: RegExp, fromBeginning: boolean): Promise<void> {
    const topics = await translated(() => this.#connected().admin().listTopics());
    for (const name of topics.keys()) {
      // A pattern with the flag g remembers where it was.
      if (name.search(pattern) >= 0) this.#topics.set(name, fromBeginning);
    }
  }

  async #keepRunning(
    client: Client,
    config: ConsumerRunConfig,
    onJoined: () => void,
  ): Promise<void> {
    while (this.#isWanted) {
      try {
        await this.#runOnce(client, config, onJoined);
      } catch (error) {
        const pauseMs = await this.#crash(asKafkaJsError(error));
        if (pauseMs === undefined) this.#isWanted = false;
        else if (this.#isWanted) await this.#waitForRestart(pauseMs);
      } finally {
        this.#timer?.cancel();
        this.#session = undefined;
      }
    }
    onJoined();
  }

  async #runOnce(client: Client, config: ConsumerRunConfig, onJoined: () => void): Promise<void> {
    const { clock, logger, retry } = this.#context;
    const topics = [...this.#topics.keys()];
    const fromBeginning = topics.filter((topic) => this.#topics.get(topic));
    const isAll = fromBeginning.length === topics.length;
    const options = consumerOptionsOf(this.#config, isAll ? "earliest" : "latest");
    const { autoCommit = true, autoCommitInterval, autoCommitThreshold } = config;
    const session = new ConsumerSession(client.consumer(options), {
      clock,
      logger,
      instrumentation: this.#instrumentation,
      paused: this.#paused,
      config,
      policy: {
        autoCommit,
        intervalMs: autoCommitInterval ?? null,
        threshold: autoCommitThreshold ?? null,
      },
      retry: { ...retry, ...this.#config.retry },
      maxPollIntervalMs: options.maxPollIntervalMs,
      seeks: this.#seeks,
      fromBeginning: new Set(isAll ? [] : fromBeginning),
    });
    this.#session = session;
    this.#watchHeartbeats(session, -1);
    void session.joined.then(onJoined);
    await session.run(topics);
  }

  /** Tells of a crash. @returns after how long it begins again; undefined: it does not */
  async #crash(error: Error): Promise<number | undefined> {
    const { logger } = this.#context;
    const { groupId } = this.#config;
    logger.error(`Crash: ${error.name}: ${error.message}`, { groupId, stack: error.stack });
    const retry: RetryOptions = { ...this.#context.retry, ...this.#config.retry };
    const isExceeded = error instanceof KafkaJSNumberOfRetriesExceeded;
    const isRetriable = isExceeded || (error instanceof KafkaJSError && error.retriable);
    let restart = isRetriable;
    if (isRetriable && retry.restartOnFailure !== undefined) {
      try {
        restart = await retry.restartOnFailure(error);
      } catch (failure) {
        const said = failure instanceof Error ? failure.message : String(failure);
        logger.error("restartOnFailure failed; the consumer restarts", { error: said });
      }
    }
    this.#instrumentation.emit(consumerEvents.CRASH, { error, groupId, restart });
    if (!restart) return undefined;
    return isExceeded ? error.retryTime : (retry.initialRetryTime ?? RESTART_MS);
  }

  #waitForRestart(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#context.clock.setTimer(delayMs, resolve);
      this.#wakeRestart = () => {
        timer.cancel();
        resolve();
      };
    });
  }

  /** Tells of heartbeats that the coordinator has answered. */
  #watchHeartbeats(session: ConsumerSession, knownMs: number): void {
    const { heartbeatInterval = 3_000 } = this.#config;
    this.#timer = this.#context.clock.setTimer(heartbeatInterval, () => {
      const lastMs = session.lastHeartbeatAtMs();
      if (lastMs > knownMs) this.#instrumentation.emit(consumerEvents.HEARTBEAT, session.member());
      this.#watchHeartbeats(session, lastMs);
    });
  }

  #setPaused(
    topics: readonly { topic: string; partitions?: readonly number[] }[],
    isPaused: boolean,
  ): void {
    if (!this.#isWanted) this.#initialized();
    this.#paused.set(topics, isPaused);
    this.#session?.applyPauses();
  }

  #connected(): Client {
    if (this.#client !== undefined) return this.#client;
    throw new KafkaJSError("The consumer is disconnected", { retriable: false });
  }

  #initialized(): ConsumerSession {
    if (this.#session !== undefined) return this.#session;
    const what = "Consumer group was not initialized, consumer#run must be called first";
    throw new KafkaJSNonRetriableError(what);
  }
}

function checkPlace({ topic, partition, offset }: TopicPartitionOffset, isSeek: boolean): void {
  if (!topic) throw new KafkaJSNonRetriableError(`Invalid topic ${topic}`);
  if (!Number.isInteger(partition)) {
    const what = `Invalid partition, expected a number received ${partition}`;
    throw new KafkaJSNonRetriableError(what);
  }
  if (!/^-?\d+$/.test(String(offset))) {
    throw new KafkaJSNonRetriableError(`Invalid offset, expected a long received ${offset}`);
  }
  const isSpecial = isSeek && (String(offset) === "-1" || String(offset) === "-2");
  if (BigInt(offset) < 0n && !isSpecial) {
    throw new KafkaJSNonRetriableError("Offset must not be a negative number");
  }
}
