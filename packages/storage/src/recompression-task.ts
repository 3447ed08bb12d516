import type { OffloadTask } from "@millrace/platform";
import { batchHeader as header, checkProducedHeader } from "@millrace/protocol";
import { refuseAppend } from "./append-checks.ts";
import type { RefusedAppend } from "./append-outcome.ts";
import type { LogConfig } from "./log-config.ts";
import type { LogEnvironment } from "./log-environment.ts";
import { needsRecompression } from "./recompress.ts";
import {
  type RecompressInput,
  type RecompressResult,
  recompressStep,
} from "./recompression-step.ts";

/** `recompressStep` off the event loop. */
export const recompressTask: OffloadTask<RecompressInput, RecompressResult> = {
  name: "recompress",
  moduleUrl: import.meta.url.replace("recompression-task", "recompression-step"),
  exportName: "recompressStep",
  inline: recompressStep,
};

/** All of them, for a bundle's worker. */
export const recompressionTasks = [recompressTask] as const;

/**
 * To compress so little takes a fraction of a millisecond, less than to ask a worker. It holds for
 * records that are not compressed yet: how many a small compressed batch has, nobody knows.
 */
const inlineBytesMax = 16 * 1024;

/** A log as far as recompression goes. */
export interface RecompressingLog {
  readonly config: LogConfig;
  readonly parts: { readonly environment: Pick<LogEnvironment, "offload" | "clock"> };
}

/**
 * Gives a producer's batch with the codec that the log wants (`compression.type`), for `append`;
 * undefined when it can be appended as it is, or `append` will see for itself what is wrong. The
 * bytes are copied before this returns.
 * @throws OffloadError, as a rejection, when the worker ended.
 */
export function recompressForAppend(
  log: RecompressingLog,
  bytes: Buffer,
): Promise<Buffer | RefusedAppend> | undefined {
  const { config } = log;
  if (config.compressionType === "producer") return undefined;
  if (bytes.length < header.HEADER_SIZE_BYTES || !needsRecompression(bytes, config)) {
    return undefined;
  }
  const { environment } = log.parts;
  const refusal = checkProducedHeader(bytes, 0, bytes.length, {
    batchSizeBytesMax: config.maxMessageBytes,
    allowsZstd: true,
  });
  if (refusal !== undefined) return undefined;
  const sizeBytes = header.sizeBytes(bytes, 0);
  if (header.compressionId(bytes, 0) === 0 && sizeBytes <= inlineBytesMax) return undefined;
  const batch = new Uint8Array(bytes.subarray(0, sizeBytes));
  return recompressOffLoop(environment, batch, config);
}

async function recompressOffLoop(
  environment: Pick<LogEnvironment, "offload">,
  batch: Uint8Array,
  config: LogConfig,
): Promise<Buffer | RefusedAppend> {
  const { compressionType, compressionGzipLevel, compressionZstdLevel } = config;
  const result = await environment.offload.run(recompressTask, {
    batch,
    config: { compressionType, compressionGzipLevel, compressionZstdLevel },
  });
  if (result.kind === "corrupt") return refuseAppend("CORRUPT_MESSAGE", result.message);
  const { buffer, byteOffset, byteLength } = result.batch;
  return Buffer.from(buffer, byteOffset, byteLength);
}
