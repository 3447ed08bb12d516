import { batchHeader as header } from "@millrace/protocol";
import { readMarker, refuseAppend } from "./append-checks.ts";
import type { AppendOptions, DuplicateBatch, RefusedAppend } from "./append-outcome.ts";
import type { ActiveProducer } from "./log-offsets.ts";
import type { ProducerState } from "./producer-state.ts";

/**
 * Checks batches against their producers' state.
 * @returns the batch of before when it comes again, a refusal, or undefined when all may go.
 */
export function checkProducers(
  producers: ProducerState,
  bytes: Buffer,
  options: AppendOptions,
): DuplicateBatch | RefusedAppend | undefined {
  if (options.origin === "replication" || options.origin === "metadata") return undefined;
  for (let at = 0; at < bytes.length; at += header.sizeBytes(bytes, at)) {
    if (!header.hasProducerId(bytes, at)) continue;
    if (options.origin === "client") {
      const found = producers.findDuplicate(bytes, at);
      if (found !== undefined) {
        const baseOffset = found.lastOffset - found.offsetDelta;
        const { lastOffset, timestampMs } = found;
        return { kind: "duplicate", baseOffset, lastOffset, logAppendTimeMs: timestampMs };
      }
    }
    const refusal = checkProducer(producers, { bytes, at }, options);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** The producers of a log as DescribeProducers shows them. */
export function listProducers(producers: ProducerState): readonly ActiveProducer[] {
  return [...producers.producers].map((entry) => ({
    producerId: BigInt(entry.producerId),
    producerEpoch: entry.producerEpoch,
    lastSequence: entry.lastSequence,
    lastTimestampMs: entry.lastTimestampMs,
    coordinatorEpoch: entry.coordinatorEpoch,
    currentTransactionStartOffset: entry.transactionFirstOffset,
  }));
}

function checkProducer(
  producers: ProducerState,
  batch: { readonly bytes: Buffer; readonly at: number },
  options: AppendOptions,
): RefusedAppend | undefined {
  const { bytes, at } = batch;
  let refusal = producers.check(bytes, at, {
    origin: options.origin,
    transactionVersion: options.transactionVersion ?? 0,
    verificationGuard: options.verificationGuard,
  });
  if (refusal === undefined && header.isControl(bytes, at)) {
    const marker = readMarker(bytes, at);
    const producerId = header.producerIdNumber(bytes, at);
    if (marker !== undefined) refusal = producers.checkMarker(producerId, marker);
  }
  return refusal === undefined ? undefined : refuseAppend(refusal.error, refusal.message);
}
