import {
  AddOffsetsToTxn,
  AddPartitionsToTxn,
  EndTxn,
  errorCodes,
  type ErrorName,
  InitProducerId,
  Produce,
  TxnOffsetCommit,
} from "@millrace/protocol";
import type { ScriptedCluster } from "../../support/scripted-cluster.ts";

/** The requests of transactions that can be refused. */
export type TransactionApi =
  | "InitProducerId"
  | "AddPartitionsToTxn"
  | "AddOffsetsToTxn"
  | "TxnOffsetCommit"
  | "EndTxn";

/**
 * A coordinator that says yes, raises epochs as KIP-890 says where the feature is on, and takes
 * down what it did: "init 7/0", "add orders-0", "commit 7/0" …
 */
export class ScriptedCoordinator {
  readonly told: string[] = [];
  /** Asked before each request; an error is the answer. */
  fault: (api: TransactionApi) => ErrorName | undefined = () => undefined;
  readonly #isVersion2: boolean;
  #epoch = -1;

  constructor(cluster: ScriptedCluster, { isVersion2 }: { readonly isVersion2: boolean }) {
    this.#isVersion2 = isVersion2;
    for (const broker of cluster.brokers) {
      broker.features = [{ name: "transaction.version", level: isVersion2 ? 2 : 1 }];
    }
    cluster.onAll(InitProducerId, () => this.#init());
    cluster.onAll(AddPartitionsToTxn, ({ v3AndBelowTopics }) => {
      const errorCode = this.#code("AddPartitionsToTxn");
      const topics = v3AndBelowTopics.map(({ name, partitions }) => ({
        name,
        resultsByPartition: partitions.map((partitionIndex) => {
          if (errorCode === 0) this.told.push(`add ${name}-${partitionIndex}`);
          return { partitionIndex, partitionErrorCode: errorCode };
        }),
      }));
      return { throttleTimeMs: 0, resultsByTopicV3AndBelow: topics };
    });
    cluster.onAll(AddOffsetsToTxn, ({ groupId }) => {
      const errorCode = this.#code("AddOffsetsToTxn");
      if (errorCode === 0) this.told.push(`add group ${groupId}`);
      return { throttleTimeMs: 0, errorCode };
    });
    cluster.onAll(TxnOffsetCommit, ({ groupId, memberId, generationId, topics }, { version }) => {
      const errorCode = this.#code("TxnOffsetCommit");
      if (errorCode === 0) {
        const offsets = topics.flatMap(({ name, partitions }) =>
          partitions.map((one) => `${name}-${one.partitionIndex}@${one.committedOffset}`),
        );
        this.told.push(`v${version} ${groupId} ${memberId}/${generationId} ${offsets.join(" ")}`);
      }
      const answers = topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
      }));
      return { throttleTimeMs: 0, topics: answers };
    });
    cluster.onAll(EndTxn, ({ producerId, producerEpoch, committed }, { version }) => {
      const errorCode = this.#code("EndTxn");
      if (errorCode !== 0) return { throttleTimeMs: 0, errorCode };
      this.told.push(`${committed ? "commit" : "abort"} ${producerId}/${producerEpoch}`);
      if (version < 5) return { throttleTimeMs: 0, errorCode };
      this.#epoch += 1;
      return { throttleTimeMs: 0, errorCode, producerId, producerEpoch: this.#epoch };
    });
  }

  /** The newest Produce that a test of this coordinator expects. */
  get produceVersionMax(): number {
    return this.#isVersion2 ? Number(Produce.versions.split("-")[1]) : 11;
  }

  #init(): {
    readonly errorCode: number;
    readonly throttleTimeMs: number;
    readonly producerId: bigint;
    readonly producerEpoch: number;
  } {
    const errorCode = this.#code("InitProducerId");
    if (errorCode !== 0) {
      return { errorCode, throttleTimeMs: 0, producerId: -1n, producerEpoch: -1 };
    }
    this.#epoch += 1;
    this.told.push(`init 7/${this.#epoch}`);
    return { errorCode, throttleTimeMs: 0, producerId: 7n, producerEpoch: this.#epoch };
  }

  #code(api: TransactionApi): number {
    const fault = this.fault(api);
    return fault === undefined ? errorCodes.NONE : errorCodes[fault];
  }
}
