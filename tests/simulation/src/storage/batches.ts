import { buildEndTransactionBatch, buildRecordBatch } from "@millrace/protocol";
import type { SimRandom } from "@millrace/platform/sim";
import type { ModelBatch, ModelLog } from "./model-log.ts";

/** Few producers, so that they collide, are fenced and leave transactions open. */
const producerIds = [1001n, 1002n, 1003n] as const;
const valueSizeBytesMax = 700;

/** What a producer may send next, as far as the batches of a log say. */
export interface ProducerOutlook {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly nextSequence: number;
  /** First offset of its open transaction; -1 when there is none. */
  readonly transactionFirstOffset: number;
  /** Its newest data batches of this epoch, oldest first, at most five: what a log recognises. */
  readonly recent: readonly ModelBatch[];
}

/** Replays batches, as a log does, to what each producer may do next. */
export function producersOf(batches: readonly ModelBatch[]): Map<bigint, ProducerOutlook> {
  const producers = new Map<bigint, ProducerOutlook>();
  for (const batch of batches) {
    const { producer } = batch;
    if (producer === undefined) continue;
    const { producerId, producerEpoch } = producer;
    const before = producers.get(producerId);
    const isNewEpoch = before === undefined || before.producerEpoch !== producerEpoch;
    const recent = isNewEpoch ? [] : before.recent;
    const transactionFirstOffset = before?.transactionFirstOffset ?? -1;
    if (batch.marker !== undefined) {
      const nextSequence = isNewEpoch ? 0 : before.nextSequence;
      const ended = { producerId, producerEpoch, nextSequence, recent };
      producers.set(producerId, { ...ended, transactionFirstOffset: -1 });
      continue;
    }
    const isFirst = producer.isTransactional && transactionFirstOffset < 0;
    producers.set(producerId, {
      producerId,
      producerEpoch,
      nextSequence: producer.lastSequence + 1,
      transactionFirstOffset: isFirst ? batch.baseOffset : transactionFirstOffset,
      recent: [...recent, batch].slice(-5),
    });
  }
  return producers;
}

/** Makes batches that a correct client would send next. */
export class BatchMaker {
  readonly #random: SimRandom;
  #recordNumber = 0;

  constructor(random: SimRandom) {
    this.#random = random;
  }

  /** A batch without a producer id. */
  plain(nowMs: number): Buffer {
    return buildRecordBatch(this.#records(nowMs), {});
  }

  /** The next batch of an idempotent or transactional producer. */
  produced(log: ModelLog, nowMs: number): Buffer {
    const random = this.#random;
    const producerId = random.pick(producerIds);
    const outlook = producersOf(log.batches).get(producerId);
    const isOpen = (outlook?.transactionFirstOffset ?? -1) >= 0;
    const bumpsEpoch = !isOpen && random.happens(12);
    return buildRecordBatch(this.#records(nowMs), {
      producerId,
      producerEpoch: (outlook?.producerEpoch ?? 0) + (bumpsEpoch ? 1 : 0),
      baseSequence: bumpsEpoch ? 0 : (outlook?.nextSequence ?? 0),
      isTransactional: isOpen || random.happens(4),
    });
  }

  /** The marker of one of the open transactions; undefined when none is open. */
  marker(log: ModelLog, nowMs: number): Buffer | undefined {
    const open = [...producersOf(log.batches).values()].filter(
      (outlook) => outlook.transactionFirstOffset >= 0,
    );
    if (open.length === 0) return undefined;
    const { producerId, producerEpoch } = this.#random.pick(open);
    const type = this.#random.happens(2) ? "ABORT" : "COMMIT";
    const options = { producerId, producerEpoch, timestamp: nowMs };
    return buildEndTransactionBatch({ type, coordinatorEpoch: 0 }, options);
  }

  #records(nowMs: number): { timestamp: number; key: Buffer | null; value: Buffer }[] {
    const random = this.#random;
    return Array.from({ length: 1 + random.nextInt(4) }, () => {
      this.#recordNumber += 1;
      const value = Buffer.alloc(random.nextInt(valueSizeBytesMax), this.#recordNumber & 0xff);
      value.write(`record ${this.#recordNumber}`);
      return {
        timestamp: nowMs - random.nextInt(5000),
        key: random.happens(2) ? null : Buffer.from(`key ${random.nextInt(20)}`),
        value,
      };
    });
  }
}
