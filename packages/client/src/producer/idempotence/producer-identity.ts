import { InitProducerId, type ProducerEpoch, type ProducerId } from "@millrace/protocol";
import type { Cluster } from "../../cluster.ts";
import {
  asKafkaError,
  errorFromCode,
  isRetriableError,
  type KafkaError,
} from "../../errors/kafka-error.ts";
import { backoffMs } from "../../retry/backoff.ts";
import type { PartitionQueue } from "../accumulator/partition-queue.ts";
import type { BatchProducer } from "../batch/producer-batch.ts";
import type { ResolvedProducerOptions } from "../producer-options.ts";

/** The epoch after which a producer asks for a new id. */
const EPOCH_MAX = 0x7fff;

/** What an identity works with. */
export interface IdentityContext {
  readonly cluster: Cluster;
  readonly options: ResolvedProducerOptions;
  /** Called when there is an identity, so that what waits for it is sent. */
  readonly onKnown: () => void;
  /** Called when there will be none. */
  readonly onFatal: (error: KafkaError) => void;
}

/**
 * Who a producer is towards brokers: its id and epoch. An idempotent producer asks for it when it
 * has something to send; a transactional one is told by its transactions.
 *
 * A gap in the sequence of a partition is mended by a new epoch (KIP-360): every partition begins
 * at 0 with it, those that had the gap at once, others when what they have under way is done.
 */
export class ProducerIdentity {
  readonly #context: IdentityContext;
  #producer: BatchProducer | undefined;
  #isAsking = false;
  #isClosed = false;
  #failures = 0;
  #needsNewEpoch = false;
  readonly #toRestart = new Set<PartitionQueue>();

  constructor(context: IdentityContext) {
    this.#context = context;
  }

  /** Id and epoch; undefined while there are none. */
  get producer(): BatchProducer | undefined {
    return this.#producer;
  }

  /** Takes over what a coordinator gave. */
  set(producerId: ProducerId, producerEpoch: ProducerEpoch): void {
    const isTransactional = this.#context.options.transactionalId !== undefined;
    this.#producer = { producerId, producerEpoch, isTransactional };
  }

  /** Has none any more: one is asked for again. */
  forget(): void {
    this.#producer = undefined;
  }

  /** Asks for an id if there is none, unless transactions do. Never throws. */
  ask(): void {
    const isOthers = this.#context.options.transactionalId !== undefined;
    if (isOthers || this.#producer !== undefined || this.#isAsking || this.#isClosed) return;
    void this.#ask();
  }

  /** Wants a new epoch because of a gap in a partition. */
  requestNewEpoch(queue: PartitionQueue): void {
    this.#needsNewEpoch = true;
    this.#toRestart.add(queue);
  }

  /** Takes the next epoch if one was wanted. Called before batches are sent. */
  renew(): void {
    const producer = this.#producer;
    if (!this.#needsNewEpoch || producer === undefined) return;
    if (producer.producerEpoch >= EPOCH_MAX) {
      this.#producer = undefined;
      this.ask();
      return;
    }
    this.#needsNewEpoch = false;
    this.set(producer.producerId, producer.producerEpoch + 1);
    this.#restartQueues();
  }

  close(): void {
    this.#isClosed = true;
  }

  async #ask(): Promise<void> {
    const { cluster, options } = this.#context;
    this.#isAsking = true;
    while (this.#producer === undefined && !this.#isClosed) {
      try {
        await this.#askOnce();
      } catch (error) {
        const what = "no producer id could be had";
        const failure = asKafkaError(error, "UNKNOWN_SERVER_ERROR", { what });
        if (this.#isClosed) break;
        if (!isRetriableError(failure)) {
          this.#context.onFatal(failure);
          break;
        }
        const pause = { initialMs: options.retryBackoffMs, maxMs: options.retryBackoffMaxMs };
        const delayMs = backoffMs(this.#failures, pause, cluster.random);
        this.#failures += 1;
        await new Promise<void>((resolve) => {
          cluster.clock.setTimer(delayMs, resolve);
        });
      }
    }
    this.#isAsking = false;
  }

  async #askOnce(): Promise<void> {
    const { cluster, options } = this.#context;
    const request = { transactionalId: null, transactionTimeoutMs: 0x7fffffff };
    const { requestTimeoutMs: timeoutMs } = options;
    const { body, node } = await cluster.sendToAny(InitProducerId, request, { timeoutMs });
    if (body.errorCode !== 0) {
      throw errorFromCode(body.errorCode, { api: InitProducerId.name, node });
    }
    this.#failures = 0;
    this.set(body.producerId, body.producerEpoch);
    if (this.#needsNewEpoch) {
      // The new id came instead of an epoch: it is as good.
      this.#needsNewEpoch = false;
      this.#restartQueues();
    }
    this.#context.onKnown();
  }

  #restartQueues(): void {
    const producer = this.#producer;
    if (producer === undefined) return;
    for (const { sequences } of this.#toRestart) {
      sequences.restart(producer);
      sequences.unresolved = undefined;
    }
    this.#toRestart.clear();
  }
}
