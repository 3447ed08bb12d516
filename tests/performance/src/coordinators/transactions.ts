import { buildRecordBatch, EndTxn, InitProducerId, Produce } from "@millrace/protocol";

import { createTopic, findCoordinator, persist } from "./cluster.ts";
import { Wire } from "./wire.ts";

/** What transactions are measured with. */
export interface TransactionWork {
  readonly bootstrap: string;
  readonly topic: string;
  readonly idPrefix: string;
  /** Each with a connection and a partition of its own, one transaction after the other. */
  readonly producerCount: number;
  readonly recordsEach: number;
  readonly seconds: number;
}

/** Committed transactions a second, of all producers together (transaction.version 2). */
export async function measureTransactions(work: TransactionWork): Promise<number> {
  const connecting = Array.from({ length: work.producerCount }, () => Wire.connect(work.bootstrap));
  const wires = await Promise.all(connecting);
  const [first] = wires;
  if (first === undefined) throw new Error("transactions need a producer");
  await createTopic(first, work.topic, work.producerCount);
  await findCoordinator(first, work.idPrefix, 1);
  const producers = await Promise.all(wires.map((wire, index) => Producer.open(wire, work, index)));
  const began = performance.now();
  const endMs = began + work.seconds * 1000;
  const counts = await Promise.all(producers.map((producer) => producer.run(endMs)));
  const seconds = (performance.now() - began) / 1000;
  for (const wire of wires) wire.close();
  return counts.reduce((sum, count) => sum + count, 0) / seconds;
}

class Producer {
  readonly #wire: Wire;
  readonly #work: TransactionWork;
  readonly #partition: number;
  readonly #transactionalId: string;
  readonly #values: readonly Buffer[];
  #producerId: bigint;
  #producerEpoch: number;

  private constructor(
    wire: Wire,
    work: TransactionWork,
    own: { readonly partition: number; readonly id: bigint; readonly epoch: number },
  ) {
    this.#wire = wire;
    this.#work = work;
    this.#partition = own.partition;
    this.#transactionalId = `${work.idPrefix}-${own.partition}`;
    this.#values = Array.from({ length: work.recordsEach }, () => Buffer.alloc(100, 120));
    this.#producerId = own.id;
    this.#producerEpoch = own.epoch;
  }

  static async open(wire: Wire, work: TransactionWork, partition: number): Promise<Producer> {
    const transactionalId = `${work.idPrefix}-${partition}`;
    const body = { transactionalId, transactionTimeoutMs: 60_000 };
    const given = await persist(() => wire.request(InitProducerId, 5, body));
    const own = { partition, id: given.producerId, epoch: given.producerEpoch };
    return new Producer(wire, work, own);
  }

  async run(endMs: number): Promise<number> {
    let count = 0;
    while (performance.now() < endMs) {
      await this.#produce();
      await this.#commit();
      count += 1;
    }
    return count;
  }

  async #produce(): Promise<void> {
    const records = buildRecordBatch(
      this.#values.map((value) => ({ key: null, value, timestamp: Date.now() })),
      {
        producerId: this.#producerId,
        producerEpoch: this.#producerEpoch,
        // Each transaction has an epoch of its own, and its sequence begins anew.
        baseSequence: 0,
        isTransactional: true,
      },
    );
    const partitionData = [{ index: this.#partition, records }];
    await persist(async () => {
      const answer = await this.#wire.request(Produce, 12, {
        transactionalId: this.#transactionalId,
        acks: -1,
        timeoutMs: 30_000,
        topicData: [{ name: this.#work.topic, partitionData }],
      });
      return { errorCode: answer.responses[0]?.partitionResponses[0]?.errorCode ?? -1 };
    });
  }

  async #commit(): Promise<void> {
    const answer = await persist(() =>
      this.#wire.request(EndTxn, 5, {
        transactionalId: this.#transactionalId,
        producerId: this.#producerId,
        producerEpoch: this.#producerEpoch,
        committed: true,
      }),
    );
    this.#producerId = answer.producerId;
    this.#producerEpoch = answer.producerEpoch;
  }
}
