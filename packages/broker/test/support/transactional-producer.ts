import assert from "node:assert/strict";

import {
  AddPartitionsToTxn,
  buildRecordBatch,
  EndTxn,
  errorName,
  FindCoordinator,
  InitProducerId,
  Produce,
} from "@millrace/protocol";

import type { BrokerFixture } from "./broker-fixture.ts";

/** A transactional producer that speaks to a fixture's broker. */
export class TransactionalProducer {
  readonly transactionalId: string;
  producerId = -1n;
  producerEpoch = -1;
  readonly #fixture: BrokerFixture;
  #sequence = 0;

  constructor(fixture: BrokerFixture, transactionalId: string) {
    this.#fixture = fixture;
    this.transactionalId = transactionalId;
  }

  /** Finds the coordinator, which makes its topic, and initialises the producer. */
  static async start(
    fixture: BrokerFixture,
    transactionalId = "tx",
  ): Promise<TransactionalProducer> {
    const producer = new TransactionalProducer(fixture, transactionalId);
    const asked = { keyType: 1, coordinatorKeys: [transactionalId] };
    const found = await fixture.request(FindCoordinator, 4, asked);
    assert.equal(errorName(found.coordinators[0]?.errorCode ?? -1), "NONE");
    assert.equal(await producer.init(), "NONE");
    return producer;
  }

  async init(): Promise<string> {
    const answer = await this.#fixture.request(InitProducerId, 5, {
      transactionalId: this.transactionalId,
      transactionTimeoutMs: 60_000,
    });
    if (answer.errorCode === 0) {
      this.producerId = answer.producerId;
      this.producerEpoch = answer.producerEpoch;
      this.#sequence = 0;
    }
    return errorName(answer.errorCode);
  }

  /** Produces one record; version 12 adds the partition to the transaction by itself. */
  async produce(topic: string, value: string, version = 12): Promise<string> {
    const record = { key: null, value: Buffer.from(value), timestamp: 7 };
    const records = buildRecordBatch([record], {
      producerId: this.producerId,
      producerEpoch: this.producerEpoch,
      baseSequence: this.#sequence,
      isTransactional: true,
    });
    const answer = await this.#fixture.request(Produce, version, {
      transactionalId: this.transactionalId,
      acks: -1,
      timeoutMs: 1000,
      topicData: [{ name: topic, partitionData: [{ index: 0, records }] }],
    });
    const error = errorName(answer.responses[0]?.partitionResponses[0]?.errorCode ?? -1);
    if (error === "NONE") this.#sequence++;
    return error;
  }

  /** Adds a partition, as clients before KIP-890 do. */
  async add(topic: string, partition = 0): Promise<string> {
    const answer = await this.#fixture.request(AddPartitionsToTxn, 3, {
      v3AndBelowTransactionalId: this.transactionalId,
      v3AndBelowProducerId: this.producerId,
      v3AndBelowProducerEpoch: this.producerEpoch,
      v3AndBelowTopics: [{ name: topic, partitions: [partition] }],
      transactions: [],
    });
    const [result] = answer.resultsByTopicV3AndBelow[0]?.resultsByPartition ?? [];
    return errorName(result?.partitionErrorCode ?? -1);
  }

  /** Ends the transaction and goes on with the epoch of the answer. */
  async end(committed: boolean, version = 5): Promise<string> {
    const { transactionalId, producerId, producerEpoch } = this;
    const body = { transactionalId, producerId, producerEpoch, committed };
    const answer = await this.#fixture.request(EndTxn, version, body);
    if (answer.errorCode === 0 && version >= 5) {
      this.producerEpoch = answer.producerEpoch;
      this.#sequence = 0;
    }
    return errorName(answer.errorCode);
  }
}
