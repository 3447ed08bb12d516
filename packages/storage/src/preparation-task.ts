import type { OffloadTask } from "@millrace/platform";
import {
  batchHeader as header,
  checkProducedHeader,
  DecompressionError,
  type ProducedRecordsFacts,
} from "@millrace/protocol";
import { refusalOf } from "./append-checks.ts";
import type { RefusedAppend } from "./append-outcome.ts";
import { checkClientRecords, clientRecordRules } from "./client-records.ts";
import type { LogConfig } from "./log-config.ts";
import type { LogEnvironment } from "./log-environment.ts";
import { type PrepareInput, type PrepareResult, prepareStep } from "./preparation-step.ts";
import { needsRecompression } from "./recompress.ts";

/** `prepareStep` off the event loop. */
export const prepareTask: OffloadTask<PrepareInput, PrepareResult> = {
  name: "prepare",
  moduleUrl: import.meta.url.replace("preparation-task", "preparation-step"),
  exportName: "prepareStep",
  inline: prepareStep,
};

/** All of them, for a bundle's worker. */
export const preparationTasks = [prepareTask] as const;

/** To compress so little takes a fraction of a millisecond, less than to ask a worker. */
const recompressedInlineBytesMax = 16 * 1024;

/** To decompress and to walk so much takes 0.02 to 0.3 ms, by codec: about what a worker costs. */
const decompressedInlineBytesMax = 64 * 1024;

/** Compressed batches beyond this are rarely small inside, so that is not tried. */
const compressedInlineBytesMax = 32 * 1024;

/** A log as far as this goes. */
export interface PreparingLog {
  readonly topic: string;
  readonly partition: number;
  readonly config: LogConfig;
  readonly parts: { readonly environment: Pick<LogEnvironment, "offload" | "clock"> };
}

/** A batch whose records are good, with the codec that the log wants. */
export interface PreparedBatch {
  readonly kind: "prepared";
  readonly bytes: Buffer;
  /** For `append`, which does not look at the records again. */
  readonly validated: ProducedRecordsFacts;
}

/**
 * Looks at a producer's records, and recompresses them, where that takes long: compressed ones, and
 * those that `compression.type` wants otherwise. Small ones at once, large ones in a worker.
 * undefined when `append` will see for itself. The bytes of a promise are copied before it is
 * given.
 * @throws OffloadError, as a rejection, when the worker ended.
 */
export function prepareForAppend(
  log: PreparingLog,
  bytes: Buffer,
): PreparedBatch | RefusedAppend | Promise<PreparedBatch | RefusedAppend> | undefined {
  if (bytes.length < header.HEADER_SIZE_BYTES) return undefined;
  const isCompressed = header.compressionId(bytes, 0) !== 0;
  const isRecompressed = needsRecompression(bytes, log.config);
  if (!isCompressed && (!isRecompressed || bytes.length <= recompressedInlineBytesMax)) {
    return undefined;
  }
  const refusal = checkProducedHeader(bytes, 0, bytes.length, {
    batchSizeBytesMax: log.config.maxMessageBytes,
    allowsZstd: true,
  });
  if (refusal !== undefined) return refusalOf(refusal);
  const batch = bytes.subarray(0, header.sizeBytes(bytes, 0));
  const inline = isRecompressed ? undefined : checkInline(log, batch);
  return inline ?? prepareOffLoop(log, new Uint8Array(batch));
}

/** undefined when it would take long. */
function checkInline(log: PreparingLog, bytes: Buffer): PreparedBatch | RefusedAppend | undefined {
  if (bytes.length > compressedInlineBytesMax) return undefined;
  const rules = clientRecordRules(log.config, log.parts.environment.clock.nowMs(), log);
  try {
    const found = checkClientRecords(bytes, rules, decompressedInlineBytesMax);
    return "error" in found ? refusalOf(found) : { kind: "prepared", bytes, validated: found };
  } catch (error) {
    if (error instanceof DecompressionError && error.reason === "too large") return undefined;
    throw error;
  }
}

async function prepareOffLoop(
  log: PreparingLog,
  batch: Uint8Array,
): Promise<PreparedBatch | RefusedAppend> {
  const { config } = log;
  const { environment } = log.parts;
  const { compressionType, compressionGzipLevel, compressionZstdLevel } = config;
  const result = await environment.offload.run(prepareTask, {
    batch,
    rules: clientRecordRules(config, environment.clock.nowMs(), log),
    config: { compressionType, compressionGzipLevel, compressionZstdLevel },
  });
  if (result.kind === "refused") return refusalOf(result.refusal);
  const { buffer, byteOffset, byteLength } = result.batch ?? batch;
  const { maxTimestamp } = result;
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  return { kind: "prepared", bytes, validated: { maxTimestamp } };
}
