import { asKafkaError } from "../errors/kafka-error.ts";
import type { DeadLetterTarget } from "./consumer-options.ts";
import type { ConsumerRecord } from "./consumer-record.ts";
import type { RecordSender } from "./record-sender.ts";

/** The headers that a dead letter has beside its record's own; names as in KIP-1191. */
export const deadLetterHeaders = {
  topic: "__dlq.errors.topic",
  partition: "__dlq.errors.partition",
  offset: "__dlq.errors.offset",
  group: "__dlq.errors.group",
  attempts: "__dlq.errors.delivery.count",
  message: "__dlq.errors.message",
} as const;

/** A record that nobody could do anything with. */
export interface DeadLetter {
  readonly record: ConsumerRecord<unknown, unknown>;
  readonly error: unknown;
  readonly attempts: number;
}

/** Sends records that cannot be read or handled to another topic. */
export class DeadLetters {
  readonly #groupId: string | undefined;
  readonly #makeSender: () => RecordSender;
  #sender: RecordSender | undefined;

  constructor(groupId: string | undefined, makeSender: () => RecordSender) {
    this.#groupId = groupId;
    this.#makeSender = makeSender;
  }

  /**
   * Sends one, and resolves when it is acknowledged.
   * @throws KafkaError when it could not be sent: the record must not be taken as done then
   */
  async send(target: DeadLetterTarget, letter: DeadLetter): Promise<void> {
    const { record, error, attempts } = letter;
    const { topic } = record;
    this.#sender ??= target.producer === undefined ? this.#makeSender() : undefined;
    const sender = target.producer ?? this.#sender;
    const said = error instanceof Error ? error.message : String(error);
    const facts: readonly (readonly [string, string])[] = [
      [deadLetterHeaders.topic, topic],
      [deadLetterHeaders.partition, String(record.partition)],
      [deadLetterHeaders.offset, String(record.offsetNumber)],
      [deadLetterHeaders.group, this.#groupId ?? ""],
      [deadLetterHeaders.attempts, String(attempts)],
      [deadLetterHeaders.message, said],
    ];
    const added = facts.map(([key, text]) => ({ key, value: Buffer.from(text) }));
    try {
      await sender?.send({
        topic: typeof target.topic === "string" ? target.topic : target.topic({ topic, error }),
        key: record.keyBytes,
        value: record.valueBytes,
        headers: [...record.headers, ...added],
        timestamp: record.timestamp,
      });
    } catch (failure) {
      const what = `the dead letter of offset ${record.offsetNumber} could not be sent`;
      const place = { topic, partition: record.partition };
      throw asKafkaError(failure, "UNKNOWN_SERVER_ERROR", { what, ...place });
    }
  }
}
