import {
  errorName,
  type ErrorName,
  type Produce,
  retriableErrors,
  staleMetadataErrors,
} from "@millrace/protocol";
import type { Answer } from "../../cluster.ts";
import { errorFromCode, KafkaError } from "../../errors/kafka-error.ts";
import { backoffMs } from "../../retry/backoff.ts";
import type { PartitionQueue } from "../accumulator/partition-queue.ts";
import type { TopicQueues } from "../accumulator/topic-queues.ts";
import type { ProducerBatch } from "../batch/producer-batch.ts";
import { judgeRefusal, type RefusalVerdict } from "../idempotence/retry-rules.ts";
import type { PartitionAnswer, SentBatch } from "./produce-request.ts";
import type { SenderContext } from "./sender-context.ts";

/** Hears what becomes of batches. */
export interface OutcomeListener {
  /** A batch is back in its queue. */
  onRetry(queue: PartitionQueue): void;
  /** Batches took the place of one that was too large. */
  onSplit(topic: TopicQueues, parts: readonly ProducerBatch[]): void;
  /** A batch waits no more. */
  onLeft(batch: ProducerBatch): void;
}

/** Refusals after which no batch of this producer will be taken (Java's fatal errors). */
const fatalRefusals: ReadonlySet<ErrorName> = new Set<ErrorName>([
  "CLUSTER_AUTHORIZATION_FAILED",
  "TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
  "PRODUCER_FENCED",
  "INVALID_PRODUCER_ID_MAPPING",
  "UNSUPPORTED_VERSION",
]);

/** Failures of a connection or of its broker, not of what was sent: another attempt may succeed. */
const brokenWires: ReadonlySet<KafkaError["code"]> = new Set<KafkaError["code"]>([
  "MALFORMED_ANSWER",
]);

/** What becomes of batches that were sent: stored, sent again, divided, or lost. */
export class BatchOutcomes {
  readonly #context: SenderContext;
  readonly #listener: OutcomeListener;

  constructor(context: SenderContext, listener: OutcomeListener) {
    this.#context = context;
    this.#listener = listener;
  }

  /** The broker said something of a batch. */
  answered(
    sent: SentBatch,
    said: PartitionAnswer | undefined,
    answer: Answer<typeof Produce>,
  ): void {
    if (said === undefined) {
      const what = "the answer to Produce says nothing of the partition";
      this.unanswered(sent, this.#error("MALFORMED_ANSWER", sent.queue, { what, retriable: true }));
      return;
    }
    const error = errorName(said.errorCode);
    this.#learnLeader(sent.queue, said, answer);
    if (sent.batch.isDone) {
      this.#answeredTooLate(sent, said);
    } else if (error === "NONE") {
      this.#stored(sent, said);
    } else if (error === "DUPLICATE_SEQUENCE_NUMBER") {
      // It was stored before, so long ago that the broker has forgotten where.
      this.#stored(sent, { ...said, baseOffset: -1, logAppendTimeMs: -1 });
    } else if (error === "MESSAGE_TOO_LARGE" && sent.batch.recordsCount > 1) {
      this.#split(sent);
    } else {
      this.#refused(sent, said, answer);
    }
  }

  /** The request was sent with acks 0. */
  notWaitedFor({ queue, batch }: SentBatch): void {
    if (batch.isDone) {
      batch.release();
      return;
    }
    queue.sequences.remove(batch);
    batch.delivered(-1, -1);
  }

  /** No answer came: nobody knows whether the batch was stored. */
  unanswered({ queue, batch }: SentBatch, failure: KafkaError): void {
    if (batch.isDone) {
      batch.release();
      return;
    }
    const isRetried = failure.retriable || brokenWires.has(failure.code);
    if (isRetried && this.#hasAttempts(batch)) {
      this.#retry(queue, batch);
      return;
    }
    const { topicName: topic, partition } = queue;
    const error = new KafkaError(failure.code, "records could not be sent", {
      topic,
      partition,
      cause: failure,
      retriable: failure.retriable,
      fatal: failure.fatal,
    });
    this.#fail(queue, batch, { error, closesGap: false });
  }

  /** `deliveryTimeoutMs` is over. */
  expired(queue: PartitionQueue, batch: ProducerBatch): void {
    const { deliveryTimeoutMs } = this.#context.options;
    const what = `${batch.recordsCount} records were not acknowledged in ${deliveryTimeoutMs} ms`;
    this.#fail(queue, batch, {
      error: this.#error("DELIVERY_TIMED_OUT", queue, { what }),
      closesGap: false,
    });
  }

  /** The batch is not to be sent any more. */
  givenUp(queue: PartitionQueue, batch: ProducerBatch, error: KafkaError): void {
    if (batch.isDone) return;
    this.#leave(queue, batch);
    queue.sequences.remove(batch);
    this.#lose(batch, error, () => error);
  }

  /**
   * Decides what a batch of unknown fate meant, when those behind it have been answered: either
   * they were taken, so that it was stored, or there is a gap.
   */
  resolve(queue: PartitionQueue): void {
    const { sequences } = queue;
    const { identity, gate } = this.#context;
    if (sequences.unresolved === undefined || sequences.inFlight.length > 0) return;
    sequences.unresolved = undefined;
    if (sequences.isNext(sequences.next)) return;
    if (gate === undefined) {
      identity?.requestNewEpoch(queue);
      return;
    }
    const what = "records were sent, and nobody knows whether they were stored";
    const hint = "Abort the transaction; the producer can go on then.";
    gate.onFailed(this.#error("TRANSACTION_ABORTABLE", queue, { what, hint }));
  }

  #stored({ queue, batch }: SentBatch, said: PartitionAnswer): void {
    const { sequences } = queue;
    if (batch.hasSequence) sequences.acknowledge(batch, said.baseOffset);
    sequences.remove(batch);
    batch.delivered(said.baseOffset, said.logAppendTimeMs);
  }

  /** The batch was given up; its sequence still counts when it was stored. */
  #answeredTooLate({ queue, batch }: SentBatch, said: PartitionAnswer): void {
    if (said.errorCode === 0 && batch.hasSequence) {
      queue.sequences.acknowledge(batch, said.baseOffset);
    }
    batch.release();
  }

  #split({ queue, batch, topic }: SentBatch): void {
    const half = Math.floor(batch.sizeBytes / 2);
    topic.batchSize = Math.max(1, Math.min(topic.batchSize, half));
    topic.compressionRatio = 1;
    const parts = batch.split(half);
    this.#listener.onSplit(topic, parts);
    queue.sequences.replace(batch, parts);
    batch.replacedBy(parts);
    batch.release();
    for (const part of parts) queue.putBack(part);
    this.#listener.onRetry(queue);
  }

  #refused(sent: SentBatch, said: PartitionAnswer, answer: Answer<typeof Produce>): void {
    const { queue, batch } = sent;
    const error = errorName(said.errorCode);
    const verdict = this.#judge(sent, error, said.logStartOffset);
    const hasAttempts = this.#hasAttempts(batch);
    if (staleMetadataErrors.has(error)) {
      void this.#context.cluster.metadata.refreshSoon(`Produce was answered ${error}`);
    }
    if (verdict.isRetried && hasAttempts) {
      this.#retry(queue, batch);
      this.#mend(queue, verdict);
      return;
    }
    this.#fail(queue, batch, {
      error: this.#errorOf(queue, said, answer),
      errorOf: recordErrorsOf(queue, said),
      closesGap: hasAttempts,
    });
  }

  #judge({ queue, batch }: SentBatch, error: ErrorName, logStartOffset: number): RefusalVerdict {
    const isRetriable = retriableErrors.has(error);
    const { identity, gate } = this.#context;
    if (identity === undefined) return { isRetried: isRetriable, remedy: "none" };
    const { sequences } = queue;
    const isTransactional = gate !== undefined;
    return judgeRefusal({ error, batch, sequences, logStartOffset, isTransactional, isRetriable });
  }

  #mend(queue: PartitionQueue, verdict: RefusalVerdict): void {
    const producer = this.#context.identity?.producer;
    if (verdict.remedy === "new epoch") this.#context.identity?.requestNewEpoch(queue);
    if (verdict.remedy === "restart" && producer !== undefined) queue.sequences.restart(producer);
  }

  #hasAttempts(batch: ProducerBatch): boolean {
    const { retries, deliveryTimeoutMs } = this.#context.options;
    const ageMs = this.#context.cluster.clock.monotonicMs() - batch.createdMs;
    return batch.attempts < retries && ageMs < deliveryTimeoutMs;
  }

  #retry(queue: PartitionQueue, batch: ProducerBatch): void {
    const { retryBackoffMs: initialMs, retryBackoffMaxMs: maxMs } = this.#context.options;
    const { clock, random } = this.#context.cluster;
    batch.retryAtMs = clock.monotonicMs() + backoffMs(batch.attempts, { initialMs, maxMs }, random);
    batch.attempts += 1;
    queue.putBack(batch);
    this.#listener.onRetry(queue);
  }

  #fail(
    queue: PartitionQueue,
    batch: ProducerBatch,
    failure: {
      readonly error: KafkaError;
      readonly errorOf?: ((index: number) => Error) | undefined;
      /** The batch was surely not stored: those behind it may take its numbers. */
      readonly closesGap: boolean;
    },
  ): void {
    const { error, errorOf = () => error } = failure;
    this.#leave(queue, batch);
    this.#fixSequences(queue, batch, failure);
    this.#lose(batch, error, errorOf);
    this.#context.gate?.onFailed(error);
    if (error.fatal && this.#context.identity !== undefined) this.#context.onFatal(error);
  }

  #fixSequences(
    queue: PartitionQueue,
    batch: ProducerBatch,
    { error, closesGap }: { readonly error: KafkaError; readonly closesGap: boolean },
  ): void {
    const { identity, gate } = this.#context;
    const { sequences } = queue;
    const producer = identity?.producer;
    if (identity === undefined || producer === undefined || error.fatal || !batch.hasSequence) {
      sequences.remove(batch);
    } else if (!closesGap) {
      sequences.remove(batch);
      sequences.markUnresolved(batch);
    } else if (gate === undefined) {
      sequences.remove(batch);
      identity.requestNewEpoch(queue);
    } else if (error.code === "UNKNOWN_PRODUCER_ID") {
      sequences.remove(batch);
      sequences.restart(producer);
    } else {
      sequences.removeWithoutGap(batch);
    }
  }

  #leave(queue: PartitionQueue, batch: ProducerBatch): void {
    queue.remove(batch);
    this.#listener.onLeft(batch);
  }

  #lose(batch: ProducerBatch, error: KafkaError, errorOf: (index: number) => Error): void {
    const { unwatchedCount } = batch;
    batch.isOpen = false;
    batch.failed(errorOf);
    if (unwatchedCount > 0) this.#context.onLost(error, unwatchedCount);
  }

  #errorOf(
    queue: PartitionQueue,
    said: PartitionAnswer,
    answer: Answer<typeof Produce>,
  ): KafkaError {
    const { topicName: topic, partition } = queue;
    const place = { api: "Produce", node: answer.node, topic, partition };
    const plain = errorFromCode(said.errorCode, { ...place, brokerMessage: said.errorMessage });
    const name = errorName(said.errorCode);
    const isFatal = fatalRefusals.has(name);
    if (plain.fatal === isFatal) return plain;
    // KIP-588: a producer whose epoch is refused by a partition may be told by the coordinator
    // that it can go on, so that only the transaction is lost.
    return new KafkaError(name, "Produce was refused", {
      ...place,
      fatal: isFatal,
      abortable: true,
      ...(name === "INVALID_PRODUCER_EPOCH" ? { hint: EPOCH_HINT } : {}),
    });
  }

  #error(
    code: KafkaError["code"],
    { topicName: topic, partition }: PartitionQueue,
    options: { readonly what: string; readonly hint?: string; readonly retriable?: boolean },
  ): KafkaError {
    const { what, ...rest } = options;
    return new KafkaError(code, what, { topic, partition, ...rest });
  }

  /** KIP-951: the refusal names the leader, so that nobody has to ask for it. */
  #learnLeader(
    { topicName: topic, partition }: PartitionQueue,
    said: PartitionAnswer,
    { body }: Answer<typeof Produce>,
  ): void {
    const { leaderId: leader, leaderEpoch } = said.currentLeader;
    if (said.errorCode === 0 || leader < 0 || leaderEpoch < 0) return;
    const endpoint = body.nodeEndpoints.find(({ nodeId }) => nodeId === leader);
    const learned = { topic, partition, leader, leaderEpoch };
    this.#context.cluster.metadata.learnLeader(
      endpoint === undefined ? learned : { ...learned, endpoint },
    );
  }
}

const EPOCH_HINT = "Abort the transaction; if another producer took over, that will say so.";

/** The errors of single records (KIP-467); undefined when the answer blames none. */
function recordErrorsOf(
  { topicName: topic, partition }: PartitionQueue,
  said: PartitionAnswer,
): ((index: number) => Error) | undefined {
  const { recordErrors } = said;
  if (recordErrors.length === 0) return undefined;
  const code = recordErrors.length === 1 ? errorName(said.errorCode) : "INVALID_RECORD";
  const blamed = new Map<number, Error>();
  for (const { batchIndex, batchIndexErrorMessage } of recordErrors) {
    const what = batchIndexErrorMessage ?? said.errorMessage ?? "the record was refused";
    blamed.set(batchIndex, new KafkaError(code, what, { topic, partition }));
  }
  const others = new KafkaError("INVALID_RECORD", "another record of the batch was refused", {
    topic,
    partition,
    retriable: true,
    hint: "Nothing is wrong with this record: send it again.",
  });
  return (index) => blamed.get(index) ?? others;
}
