import type { KafkaError } from "../../errors/kafka-error.ts";
import type { PartitionQueue } from "../accumulator/partition-queue.ts";

/** What transactions tell those who send batches, and hear from them. */
export interface TransactionGate {
  /** Versions of Produce above are not spoken: with them the broker would add partitions itself. */
  readonly produceVersionMax: number | undefined;
  /** Whether a partition's batches may be sent: the coordinator knows that it takes part. */
  maySend(queue: PartitionQueue): boolean;
  /** A partition has records of the open transaction. */
  onRecords(queue: PartitionQueue): void;
  /** Batches of the open transaction are on their way. */
  onSent(): void;
  /** A batch failed for good: the transaction cannot be committed. */
  onFailed(error: KafkaError): void;
}
