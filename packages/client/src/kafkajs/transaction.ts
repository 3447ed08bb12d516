import type { Transaction as ClientTransaction } from "../producer/transaction/transaction.ts";
import { KafkaJSNonRetriableError, translated } from "./errors.ts";
import { type ClientRecord, checkTopicMessages, summaryOf } from "./producer-shapes.ts";
import type {
  Offsets,
  ProducerBatch,
  ProducerRecord,
  RecordMetadata,
  SendOptions,
  TopicMessages,
} from "./types.ts";

/** What a transaction takes from its producer. */
export interface TransactionContext {
  readonly records: (topicMessages: readonly TopicMessages[]) => Promise<ClientRecord[]>;
  /** @throws KafkaJSError for what cannot be chosen in a transaction */
  readonly check: (options: SendOptions) => void;
}

type Bytes = Uint8Array | null;

/** kafkajs's transaction. */
export class Transaction {
  readonly #beneath: ClientTransaction<Bytes, Bytes>;
  readonly #context: TransactionContext;

  constructor(beneath: ClientTransaction<Bytes, Bytes>, context: TransactionContext) {
    this.#beneath = beneath;
    this.#context = context;
  }

  send({ topic, messages, ...options }: ProducerRecord): Promise<RecordMetadata[]> {
    return this.sendBatch({ ...options, topicMessages: [{ topic, messages }] });
  }

  async sendBatch({ topicMessages = [], ...options }: ProducerBatch): Promise<RecordMetadata[]> {
    this.#checkActive();
    this.#context.check(options);
    checkTopicMessages(topicMessages);
    return translated(async () => {
      const records = await this.#context.records(topicMessages);
      return summaryOf(records, await this.#beneath.sendMany(records));
    });
  }

  /** Commits a group's offsets with the transaction. */
  async sendOffsets(given: Offsets & { readonly consumerGroupId: string }): Promise<void> {
    this.#checkActive();
    const { consumerGroupId: groupId, topics } = given;
    const offsets = topics.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, offset }) => ({ topic, partition, offset: BigInt(offset) })),
    );
    // kafkajs names the group alone here, so that a member that lost its partitions is not fenced.
    const group = { groupId, generationId: -1, memberId: "", groupInstanceId: undefined };
    await translated(() => this.#beneath.sendOffsets(group, offsets));
  }

  async commit(): Promise<void> {
    this.#checkActive();
    await translated(() => this.#beneath.commit());
  }

  async abort(): Promise<void> {
    this.#checkActive();
    await translated(() => this.#beneath.abort());
  }

  /** Whether it is neither committed nor aborted. */
  isActive(): boolean {
    return this.#beneath.isOpen;
  }

  #checkActive(): void {
    if (this.#beneath.isOpen) return;
    throw new KafkaJSNonRetriableError("Cannot continue to use transaction once ended");
  }
}
