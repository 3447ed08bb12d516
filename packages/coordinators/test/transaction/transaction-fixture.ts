import assert from "node:assert/strict";
import { LoggerTree } from "@millrace/platform";
import { SimClock, SimRandom } from "@millrace/platform/sim";

import { Shard } from "../../src/runtime/index.ts";
import type { Transaction } from "../../src/transaction/transaction.ts";
import { transactionMachine } from "../../src/transaction/transaction-machine.ts";
import type { WriteMarkersEffect } from "../../src/transaction/transaction-requests.ts";
import type {
  TransactionReplyTo,
  TransactionRequest,
  TransactionTypes,
} from "../../src/transaction/index.ts";
import { MemoryCoordinatorLog } from "../runtime/memory-coordinator-log.ts";

/** The transactional id of most tests. */
export const ID = "orders";

/** A partition to add: `orders/0` as a transaction has it. */
export const PARTITIONS = new Map([["orders", new Set([0])]]);

/** A transaction coordinator on a log in memory; markers are written when the test says so. */
export class TransactionFixture {
  readonly clock = new SimClock();
  readonly log: MemoryCoordinatorLog;
  /** Markers that the coordinator had written, and nobody has said are. */
  readonly effects: WriteMarkersEffect[] = [];
  readonly shard: Shard<TransactionTypes>;
  #lastProducerId = 999n;

  private constructor(log: MemoryCoordinatorLog, transactionVersion: number) {
    this.log = log;
    const { clock } = this;
    this.shard = Shard.create<TransactionTypes>({
      machine: transactionMachine(() => ({
        timeoutMsMax: 900_000,
        idExpirationMs: 604_800_000,
        timeoutCheckIntervalMs: 10_000,
        expiryCheckIntervalMs: 3_600_000,
        transactionVersion,
      })),
      log,
      clock,
      random: new SimRandom(1),
      logger: new LoggerTree({ clock, level: "error", write: () => {} }).root,
      perform: (effect) => this.effects.push(effect),
    });
  }

  /** Opens a coordinator on a new log, or on one that another has written. */
  static async open(
    options: { readonly log?: MemoryCoordinatorLog; readonly transactionVersion?: number } = {},
  ): Promise<TransactionFixture> {
    const log = options.log ?? new MemoryCoordinatorLog();
    const fixture = new TransactionFixture(log, options.transactionVersion ?? 2);
    await fixture.shard.load();
    return fixture;
  }

  /** Where the id of the tests stands. */
  get transaction(): Transaction {
    const transaction = this.shard.state.get(ID);
    assert.ok(transaction !== undefined);
    return transaction;
  }

  async submit<Kind extends TransactionRequest["kind"]>(
    request: TransactionRequest & { readonly kind: Kind },
  ): Promise<TransactionReplyTo<Kind>> {
    const reply = await this.shard.submit(request);
    assert.ok(hasKind<Kind>(reply, request.kind));
    return reply;
  }

  /** InitProducerId as a new producer, with a fresh id at hand. */
  init(expected?: { readonly producerId: bigint; readonly producerEpoch: number }) {
    this.#lastProducerId += 1n;
    return this.submit({
      kind: "init-producer-id",
      transactionalId: ID,
      timeoutMs: 60_000,
      expected,
      freshProducerId: this.#lastProducerId,
    });
  }

  /** Adds `orders/0` as the producer that is known now. */
  add(clientTransactionVersion = 2) {
    const { producerId, producerEpoch } = this.transaction;
    return this.submit({
      kind: "add-partitions",
      transactionalId: ID,
      producerId,
      producerEpoch,
      partitions: PARTITIONS,
      clientTransactionVersion,
    });
  }

  /** Ends the transaction, as the producer that is known now unless an epoch is given. */
  end(isCommit: boolean, options: { readonly epoch?: number; readonly version?: number } = {}) {
    const { producerId, producerEpoch } = this.transaction;
    this.#lastProducerId += 1n;
    return this.submit({
      kind: "end-transaction",
      transactionalId: ID,
      producerId,
      producerEpoch: options.epoch ?? producerEpoch,
      isCommit,
      clientTransactionVersion: options.version ?? 2,
      freshProducerId: this.#lastProducerId,
    });
  }

  /** Says that the markers of all that was ended are written. */
  async writeMarkers(): Promise<void> {
    await this.clock.advance(0);
    for (const { transactionalId, producerId, producerEpoch } of this.effects.splice(0)) {
      await this.submit({ kind: "markers-written", transactionalId, producerId, producerEpoch });
    }
  }
}

function hasKind<Kind extends TransactionRequest["kind"]>(
  reply: TransactionTypes["reply"],
  kind: Kind,
): reply is TransactionReplyTo<Kind> {
  return reply.kind === kind;
}
