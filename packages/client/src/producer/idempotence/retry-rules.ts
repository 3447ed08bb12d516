import type { ErrorName } from "@millrace/protocol";
import type { ProducerBatch } from "../batch/producer-batch.ts";
import type { PartitionSequences } from "./partition-sequences.ts";

/** What to do about a batch that a broker refused. */
export interface RefusalVerdict {
  /** Whether it is sent again. */
  readonly isRetried: boolean;
  /** How the sequence of its partition goes on. */
  readonly remedy: "none" | "new epoch" | "restart";
}

/** What a verdict is made from. */
export interface Refusal {
  readonly error: ErrorName;
  readonly batch: ProducerBatch;
  readonly sequences: PartitionSequences;
  /** The log's start as the answer tells it; -1 when it does not. */
  readonly logStartOffset: number;
  readonly isTransactional: boolean;
  /** Whether the error is one after which the same may succeed. */
  readonly isRetriable: boolean;
}

const fail: RefusalVerdict = { isRetried: false, remedy: "none" };
const again: RefusalVerdict = { isRetried: true, remedy: "none" };
const againInNewEpoch: RefusalVerdict = { isRetried: true, remedy: "new epoch" };
const againFromStart: RefusalVerdict = { isRetried: true, remedy: "restart" };

/**
 * Decides whether an idempotent producer sends a refused batch again, as Java's does (KIP-98,
 * KIP-360). The time of the batch and the number of its attempts are the caller's to look at.
 */
export function judgeRefusal(refusal: Refusal): RefusalVerdict {
  if (refusal.error === "UNKNOWN_PRODUCER_ID") return judgeUnknownProducer(refusal);
  if (refusal.error === "OUT_OF_ORDER_SEQUENCE_NUMBER") return judgeOutOfOrder(refusal);
  return refusal.isRetriable ? again : fail;
}

/** The broker has forgotten the producer: its records were deleted, or the log was truncated. */
function judgeUnknownProducer(refusal: Refusal): RefusalVerdict {
  const { batch, sequences, logStartOffset, isTransactional } = refusal;
  // The partition may have moved while the answer was made: the next one tells the offset.
  if (logStartOffset === -1) return again;
  // Batches behind the first one that failed so: their numbers are new already.
  if (batch.sequenceHasBeenReset) return again;
  // Retention removed what this producer wrote: nothing is lost.
  if (sequences.lastAcknowledgedOffset < logStartOffset) {
    return isTransactional ? againFromStart : againInNewEpoch;
  }
  return isTransactional ? fail : againInNewEpoch;
}

function judgeOutOfOrder(refusal: Refusal): RefusalVerdict {
  const { batch, sequences, isTransactional } = refusal;
  const isUnresolved = sequences.unresolved !== undefined;
  const isNext = sequences.isNext(batch.baseSequence);
  // A batch before it failed: it goes again after that one.
  if (!isUnresolved && (batch.sequenceHasBeenReset || !isNext)) return again;
  if (isTransactional) return fail;
  // The number is right and yet refused: there is a gap in the log. Behind a batch whose fate is
  // not known only the very next one can tell.
  const tellsGap = !isUnresolved || sequences.unresolved === batch.baseSequence;
  return tellsGap ? againInNewEpoch : again;
}
