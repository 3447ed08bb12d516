import type { Cluster } from "../../cluster.ts";
import type { KafkaError } from "../../errors/kafka-error.ts";
import type { ProducerIdentity } from "../idempotence/producer-identity.ts";
import type { ResolvedProducerOptions } from "../producer-options.ts";
import type { TransactionGate } from "./transaction-gate.ts";

/** What a sender works with. */
export interface SenderContext {
  readonly cluster: Cluster;
  readonly options: ResolvedProducerOptions;
  /** Undefined without idempotence. */
  readonly identity: ProducerIdentity | undefined;
  readonly gate: TransactionGate | undefined;
  /** Hears of records that are lost and that nobody waits for. */
  readonly onLost: (error: KafkaError, recordsCount: number) => void;
  /** Hears that the producer cannot go on. */
  readonly onFatal: (error: KafkaError) => void;
}
