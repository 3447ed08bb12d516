import type { CompressionName } from "@millrace/protocol";
import type { Client } from "../main.ts";
import type { Producer as ClientProducer } from "../producer/producer.ts";
import type { ProducerOptions } from "../producer/producer-options.ts";
import { checkConfig } from "./client-config.ts";
import type { FacadeContext } from "./connection.ts";
import { CompressionTypes } from "./constants.ts";
import {
  KafkaJSError,
  KafkaJSNonRetriableError,
  KafkaJSNotImplemented,
  translated,
} from "./errors.ts";
import { type InstrumentationEvent, Instrumentation } from "./instrumentation.ts";
import type { Logger } from "./logger.ts";
import { isDefaultPartitioner } from "./partitioners.ts";
import {
  type ClientRecord,
  checkTopicMessages,
  partitionMetadataOf,
  recordOf,
  summaryOf,
} from "./producer-shapes.ts";
import { Transaction } from "./transaction.ts";
import type {
  PartitionerArgs,
  ProducerBatch,
  ProducerConfig,
  ProducerRecord,
  RecordMetadata,
  SendOptions,
  TopicMessages,
} from "./types.ts";

const events = {
  CONNECT: "producer.connect",
  DISCONNECT: "producer.disconnect",
  REQUEST: "producer.network.request",
  REQUEST_TIMEOUT: "producer.network.request_timeout",
  REQUEST_QUEUE_SIZE: "producer.network.request_queue_size",
} as const;
const untold = new Set([events.REQUEST, events.REQUEST_TIMEOUT, events.REQUEST_QUEUE_SIZE]);

const keys = new Set([
  "createPartitioner",
  "retry",
  "metadataMaxAge",
  "allowAutoTopicCreation",
  "idempotent",
  "transactionalId",
  "transactionTimeout",
  "maxInFlightRequests",
  "transactionCompression",
]);

const codecs: Readonly<Record<number, CompressionName>> = {
  [CompressionTypes.None]: "none",
  [CompressionTypes.GZIP]: "gzip",
  [CompressionTypes.Snappy]: "snappy",
  [CompressionTypes.LZ4]: "lz4",
  [CompressionTypes.ZSTD]: "zstd",
};

/**
 * kafkajs's producer. Acks, compression and time-out come with each call: for each set of them
 * there is a producer of the client beneath.
 */
export class Producer {
  readonly events: typeof events = events;
  readonly #context: FacadeContext;
  readonly #config: ProducerConfig;
  readonly #instrumentation: Instrumentation;
  readonly #partition: ((args: PartitionerArgs) => number) | undefined;
  readonly #producers = new Map<string, ClientProducer>();
  #client: Client | undefined;
  #transactional: ClientProducer | undefined;
  #transaction: Transaction | undefined;

  /** @throws KafkaJSNonRetriableError for an option that is not known */
  constructor(context: FacadeContext, config: ProducerConfig = {}) {
    checkConfig(config, keys, "producer");
    const { idempotent, maxInFlightRequests = 0 } = config;
    if (config.transactionalId !== undefined && idempotent === false) {
      const what = "Cannot enable transactions for a producer that is not idempotent";
      throw new KafkaJSNonRetriableError(what);
    }
    if (idempotent === true && maxInFlightRequests > 5) {
      throw new KafkaJSNonRetriableError("An idempotent producer has at most 5 requests in flight");
    }
    this.#context = context;
    this.#config = config;
    const { clock, logger } = context;
    this.#instrumentation = new Instrumentation({ clock, logger, names: events, untold });
    const { createPartitioner } = config;
    this.#partition = isDefaultPartitioner(createPartitioner) ? undefined : createPartitioner?.();
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
    this.#instrumentation.emit(events.CONNECT, null);
  }

  /** Sends what is left, then ends. */
  async disconnect(): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    this.#client = undefined;
    const producers = [...this.#producers.values()];
    if (this.#transactional !== undefined) producers.push(this.#transactional);
    this.#producers.clear();
    this.#transactional = undefined;
    await Promise.all(producers.map((producer) => producer.close()));
    await client.close();
    this.#instrumentation.emit(events.DISCONNECT, null);
  }

  isIdempotent(): boolean {
    return this.#config.idempotent ?? this.#config.transactionalId !== undefined;
  }

  /** Sends messages of one topic; gives the first offset of each partition. */
  send({ topic, messages, ...options }: ProducerRecord): Promise<RecordMetadata[]> {
    return this.sendBatch({ ...options, topicMessages: [{ topic, messages }] });
  }

  /** Sends messages of several topics; gives the first offset of each partition. */
  async sendBatch({ topicMessages = [], ...options }: ProducerBatch): Promise<RecordMetadata[]> {
    checkTopicMessages(topicMessages);
    if (this.#config.transactionalId !== undefined) {
      const what = "Cannot send messages outside of a transaction: call producer.transaction()";
      throw new KafkaJSNonRetriableError(what);
    }
    return translated(async () => {
      const producer = this.#producerFor(options);
      const records = await this.#recordsOf(topicMessages, producer);
      const stored = await producer.sendMany(records);
      return options.acks === 0 ? [] : summaryOf(records, stored);
    });
  }

  /** Begins a transaction; one is open at a time. */
  async transaction(): Promise<Transaction> {
    if (this.#config.transactionalId === undefined) {
      throw new KafkaJSNonRetriableError(
        "Must provide transactional id for transactional producer",
      );
    }
    if (this.#transaction?.isActive() === true) {
      throw new KafkaJSNonRetriableError(
        "There is already an ongoing transaction for this producer",
      );
    }
    return translated(async () => {
      const producer = this.#transactionalProducer();
      const beneath = await producer.beginTransaction();
      this.#transaction = new Transaction(beneath, {
        records: (topicMessages) => this.#recordsOf(topicMessages, producer),
        check: (options) => this.#checkTransactionOptions(options),
      });
      return this.#transaction;
    });
  }

  on(name: string, listener: (event: InstrumentationEvent<never>) => unknown): () => void {
    return this.#instrumentation.on(name, listener);
  }

  logger(): Logger {
    return this.#context.logger;
  }

  #connected(): Client {
    if (this.#client !== undefined) return this.#client;
    throw new KafkaJSError("The producer is disconnected", { retriable: false });
  }

  #producerFor({ acks = -1, compression = 0, timeout }: SendOptions): ClientProducer {
    const client = this.#connected();
    if (this.#config.idempotent === true && acks !== -1) {
      const what = "Not requiring ack for all messages invalidates the idempotent producer's EoS";
      throw new KafkaJSNonRetriableError(`${what} guarantees`);
    }
    const key = `${acks}/${compression}/${timeout ?? ""}`;
    const known = this.#producers.get(key);
    if (known !== undefined) return known;
    const producer = client.producer({
      ...this.#options(),
      acks: acksOf(acks),
      compression: codecOf(compression),
      ...(timeout === undefined ? {} : { requestTimeoutMs: timeout }),
      ...(this.#config.idempotent === undefined
        ? {}
        : { enableIdempotence: this.#config.idempotent }),
    });
    this.#producers.set(key, producer);
    return producer;
  }

  #transactionalProducer(): ClientProducer {
    const client = this.#connected();
    const { transactionalId = "", transactionTimeout, transactionCompression = 0 } = this.#config;
    this.#transactional ??= client.producer({
      ...this.#options(),
      transactionalId,
      compression: codecOf(transactionCompression),
      ...(transactionTimeout === undefined ? {} : { transactionTimeoutMs: transactionTimeout }),
    });
    return this.#transactional;
  }

  #options(): ProducerOptions {
    const { allowAutoTopicCreation, maxInFlightRequests, retry } = this.#config;
    const { retries } = { ...this.#context.retry, ...retry };
    return {
      ...(retries === undefined ? {} : { retries }),
      ...(allowAutoTopicCreation === undefined
        ? {}
        : { allowAutoCreateTopics: allowAutoTopicCreation }),
      ...(maxInFlightRequests === undefined ? {} : { maxInFlight: maxInFlightRequests }),
    };
  }

  #checkTransactionOptions({ acks = -1, compression, timeout }: SendOptions): void {
    if (acks !== -1) throw new KafkaJSNonRetriableError("A transaction needs acks -1");
    const { transactionCompression = CompressionTypes.None } = this.#config;
    if (compression !== undefined && compression !== transactionCompression) {
      const instead = "give it to kafka.producer as transactionCompression";
      throw new KafkaJSNotImplemented(`compression of one send in a transaction: ${instead}`);
    }
    if (timeout !== undefined) {
      throw new KafkaJSNotImplemented("timeout of one send in a transaction: set requestTimeout");
    }
  }

  async #recordsOf(
    topicMessages: readonly TopicMessages[],
    producer: ClientProducer,
  ): Promise<ClientRecord[]> {
    const nowMs = this.#context.clock.nowMs();
    const choose = this.#partition;
    const records: ClientRecord[] = [];
    for (const { topic, messages } of topicMessages) {
      const partitions = choose && partitionMetadataOf(await producer.partitionsFor(topic));
      for (const message of messages) {
        const chosen = partitions && choose?.({ topic, partitionMetadata: partitions, message });
        records.push(recordOf({ topic, message, partition: chosen, nowMs }));
      }
    }
    return records;
  }
}

function acksOf(acks: number): -1 | 0 | 1 {
  if (acks === -1 || acks === 0 || acks === 1) return acks;
  throw new KafkaJSNonRetriableError(`acks is ${acks}: give -1, 0 or 1`);
}

function codecOf(compression: CompressionTypes): CompressionName {
  const name = codecs[compression];
  if (name !== undefined) return name;
  throw new KafkaJSNotImplemented(`${String(compression)} is not a compression type`);
}
