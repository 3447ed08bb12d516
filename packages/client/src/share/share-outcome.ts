import { errorFromCode, type KafkaError } from "../errors/kafka-error.ts";
import type { TopicPartition } from "../group/membership.ts";
import type { PartitionAcknowledgements } from "./pending-acknowledgements.ts";

/** What became of acknowledgements of one partition. */
export interface AcknowledgementOutcome extends TopicPartition {
  readonly offsets: readonly bigint[];
  /** Undefined when they were taken. INVALID_RECORD_STATE: the lock had ended. */
  readonly error: KafkaError | undefined;
}

/** Gives the outcome of what was sent; offsets without a record are nobody's concern. */
export function outcomeOf(
  { partition: { topic, partition }, entries }: PartitionAcknowledgements,
  error: KafkaError | undefined,
): AcknowledgementOutcome {
  const offsets = entries.filter(({ type }) => type !== "gap").map(({ offset }) => BigInt(offset));
  return { topic, partition, offsets, error };
}

/** The error of one partition in an answer to acknowledgements; undefined when there is none. */
export function acknowledgementError(
  answered: { readonly errorCode: number; readonly errorMessage: string | null },
  place: TopicPartition & { readonly api: string; readonly node: number },
): KafkaError | undefined {
  if (answered.errorCode === 0) return undefined;
  const what = "acknowledgements were refused";
  const brokerMessage = answered.errorMessage;
  return errorFromCode(answered.errorCode, { ...place, what, brokerMessage });
}
