import {
  batchHeader as header,
  codecOf,
  codecOfId,
  compressionIds,
  type CompressionName,
  DECOMPRESSED_SIZE_BYTES_MAX,
} from "@millrace/protocol";
import type { LogConfig } from "./log-config.ts";

/** What of a log's configuration recompression goes by. */
export type RecompressionConfig = Pick<
  LogConfig,
  "compressionType" | "compressionGzipLevel" | "compressionZstdLevel"
>;

/** The bits of a batch's attributes that name its codec. */
const CODEC_MASK = 0b111;

/**
 * Gives a batch as `compression.type` wants it: the same bytes if it is so already, else a new
 * batch with the same header but for codec, length and checksum. The records are not looked at.
 * @throws DecompressionError when the records are not what their codec writes.
 */
export function recompress(batch: Buffer, config: RecompressionConfig): Buffer {
  const target = targetCodec(config);
  if (target === undefined) return batch;
  const source = codecOfId(header.compressionId(batch, 0));
  // A batch of the right codec keeps its producer's level, as in Kafka.
  if (source === undefined || source.name === target) return batch;
  const body = batch.subarray(header.HEADER_SIZE_BYTES, header.sizeBytes(batch, 0));
  const records = source.decompress(body, DECOMPRESSED_SIZE_BYTES_MAX);
  const codec = codecOf(target);
  const compressed = codec.compress(records, levelOf(target, config));
  const result = Buffer.concat([batch.subarray(0, header.HEADER_SIZE_BYTES), compressed]);
  const { batchLength, attributes } = header.fieldPositions;
  result.writeInt32BE(result.length - header.LOG_OVERHEAD_BYTES, batchLength);
  const others = header.attributes(batch, 0) & ~CODEC_MASK;
  result.writeInt16BE(others | compressionIds[target], attributes);
  header.updateCrc(result, 0);
  return result;
}

/** Whether a batch has another codec than the log wants. */
export function needsRecompression(batch: Buffer, config: RecompressionConfig): boolean {
  const target = targetCodec(config);
  if (target === undefined) return false;
  const source = codecOfId(header.compressionId(batch, 0));
  return source !== undefined && source.name !== target;
}

function targetCodec(config: RecompressionConfig): CompressionName | undefined {
  const { compressionType } = config;
  if (compressionType === "producer") return undefined;
  return compressionType === "uncompressed" ? "none" : compressionType;
}

function levelOf(codec: CompressionName, config: RecompressionConfig): number | undefined {
  if (codec === "gzip") return config.compressionGzipLevel;
  return codec === "zstd" ? config.compressionZstdLevel : undefined;
}
