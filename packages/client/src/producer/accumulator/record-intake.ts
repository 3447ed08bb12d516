import type { Clock } from "@millrace/platform";
import { asKafkaError, KafkaError } from "../../errors/kafka-error.ts";
import type { MetadataCache } from "../../metadata/metadata-cache.ts";
import type { Delivery } from "../delivery.ts";
import type { ResolvedProducerOptions } from "../producer-options.ts";
import type { ProducerRecord, SerializedRecord } from "../producer-record.ts";
import type { RecordAccumulator } from "./record-accumulator.ts";
import type { RecordSerializer } from "./record-serializer.ts";
import type { TopicQueues } from "./topic-queues.ts";
import { WAITING_RECORDS_MAX, type WaitingRecord } from "./waiting-line.ts";

/** What an intake works with. */
export interface IntakeContext {
  readonly clock: Clock;
  readonly metadata: MetadataCache;
  readonly options: ResolvedProducerOptions;
  readonly accumulator: RecordAccumulator;
  readonly serializer: RecordSerializer;
  /** Aborted when the producer is closed: what waits fails. */
  readonly closed: AbortSignal;
}

/**
 * Takes records in the order in which they are given: at once where the topic is known and memory
 * is free, else through the topic's waiting line, where each waits `maxBlockMs` at most.
 */
export class RecordIntake {
  readonly #context: IntakeContext;

  constructor(context: IntakeContext) {
    this.#context = context;
  }

  /**
   * Takes a record.
   * @returns undefined when it is in a batch; else a promise that ends when it is, which is a
   *   rejection when it never will be and nobody waits by `delivery`
   * @throws KafkaError what can be said at once: SERIALIZATION_FAILED, MESSAGE_TOO_LARGE …
   */
  take(record: ProducerRecord, delivery: Delivery | undefined): Promise<void> | undefined {
    const { accumulator, serializer } = this.#context;
    const topic = accumulator.topic(record.topic);
    if (topic.line.length > 0 || topic.metadata === undefined) {
      return this.#wait(topic, record, delivery, undefined);
    }
    const serialized = serializer.serialize(record);
    if (serialized instanceof Promise) return this.#wait(topic, record, delivery, serialized);
    if (accumulator.append(topic, serialized, delivery) === "appended") return undefined;
    return this.#wait(topic, record, delivery, { ...serialized });
  }

  /** Ends when every record that was given before is in a batch or has failed. */
  async settled(): Promise<void> {
    for (const topic of this.#context.accumulator.topics.values()) {
      const { line } = topic;
      if (line.length > 0) await new Promise<void>((resolve) => line.onEmpty(resolve));
    }
  }

  /** Fails every record that waits. */
  failAll(error: Error): void {
    for (const topic of this.#context.accumulator.topics.values()) {
      for (const waiting of topic.line.drain()) fail(waiting, error);
    }
  }

  #wait(
    topic: TopicQueues,
    record: ProducerRecord,
    delivery: Delivery | undefined,
    serialized: SerializedRecord | Promise<SerializedRecord> | undefined,
  ): Promise<void> {
    const { line } = topic;
    if (line.length >= WAITING_RECORDS_MAX) {
      const what = `${WAITING_RECORDS_MAX} records of the topic wait already`;
      const hint = "Await what send() or enqueue() gives before the next.";
      throw new KafkaError("BUFFER_EXHAUSTED", what, { topic: topic.name, hint });
    }
    if (serialized instanceof Promise) {
      // It is awaited when its turn comes; until then a failure is not to count as unhandled.
      serialized.catch(() => undefined);
    }
    const deadlineMs = this.#context.clock.monotonicMs() + this.#context.options.maxBlockMs;
    return new Promise((resolve, reject) => {
      const accepted = (error?: Error): void => {
        if (error === undefined || delivery !== undefined) resolve();
        else reject(error);
      };
      line.push({ record, delivery, deadlineMs, serialized, accepted });
      if (!line.isMoving) void this.#move(topic);
    });
  }

  /** Brings the records of a line into batches, one after the other. It never throws. */
  async #move(topic: TopicQueues): Promise<void> {
    const { line } = topic;
    line.isMoving = true;
    for (let waiting = line.first; waiting !== undefined; waiting = line.first) {
      try {
        const isAppended = await this.#admit(topic, waiting);
        // The line may have been drained meanwhile, and its records failed.
        if (line.first !== waiting) continue;
        if (!isAppended) continue;
        line.shift();
        waiting.accepted();
      } catch (error) {
        if (line.first !== waiting) continue;
        line.shift();
        const what = "the record could not be taken";
        fail(waiting, asKafkaError(error, "UNKNOWN_SERVER_ERROR", { what, topic: topic.name }));
      }
    }
    line.isMoving = false;
  }

  /**
   * Does what the record waits for. @returns whether it is in a batch; else it is to be asked again
   */
  async #admit(topic: TopicQueues, waiting: WaitingRecord): Promise<boolean> {
    const { accumulator, serializer } = this.#context;
    if (topic.metadata === undefined) {
      await this.#load(topic, waiting, true);
      return false;
    }
    if (waiting.serialized === undefined || waiting.serialized instanceof Promise) {
      waiting.serialized = {
        ...(await (waiting.serialized ?? serializer.serialize(waiting.record))),
      };
      return false;
    }
    if (topic.line.first !== waiting) return false;
    const outcome = accumulator.append(topic, waiting.serialized, waiting.delivery, true);
    if (outcome === "appended") return true;
    if (outcome === "no memory") await this.#memory(topic, waiting);
    else await this.#load(topic, waiting, false);
    return false;
  }

  async #load(topic: TopicQueues, waiting: WaitingRecord, acceptCached: boolean): Promise<void> {
    const { metadata, options, clock, closed } = this.#context;
    topic.keep();
    const timeoutMs = Math.max(0, waiting.deadlineMs - clock.monotonicMs());
    if (!acceptCached) {
      const { partition } = waiting.record;
      if (timeoutMs === 0) {
        const what = `the topic has no partition ${partition}, and got none in time`;
        throw new KafkaError("INVALID_ARGUMENT", what, { topic: topic.name });
      }
      await this.#pause(Math.min(timeoutMs, options.retryBackoffMs));
    }
    const { allowAutoCreateTopics: allowAutoCreate } = options;
    const load = { allowAutoCreate, timeoutMs, acceptCached, signal: closed };
    const loaded = (await metadata.load([topic.name], load)).get(topic.name);
    if (loaded instanceof Error) throw loaded;
    if (loaded !== undefined) topic.metadata = loaded;
  }

  #memory(topic: TopicQueues, waiting: WaitingRecord): Promise<void> {
    const { accumulator, clock, options } = this.#context;
    const timeoutMs = waiting.deadlineMs - clock.monotonicMs();
    return new Promise((resolve, reject) => {
      const timer = clock.setTimer(Math.max(0, timeoutMs), () => {
        const what = `no memory of ${options.bufferMemory} bytes came free in ${options.maxBlockMs} ms`;
        reject(new KafkaError("BUFFER_EXHAUSTED", what, { topic: topic.name }));
      });
      accumulator.onMemory(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#context.clock.setTimer(delayMs, resolve);
    });
  }
}

function fail(waiting: WaitingRecord, error: Error): void {
  waiting.delivery?.failed(error);
  waiting.accepted(error);
}
