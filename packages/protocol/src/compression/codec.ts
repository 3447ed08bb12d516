import { ProtocolError } from "../protocol-error.ts";

/** The codecs of record batches, by the names of `compression.type`. */
export type CompressionName = "none" | "gzip" | "snappy" | "lz4" | "zstd";

/** A codec's number in bits 0 to 2 of a batch's attributes. */
export const compressionIds = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const;

/** Compresses and decompresses the records of a batch. Synchronous, and without shared results. */
export interface Codec {
  readonly name: CompressionName;
  /** The levels that `compress` takes; undefined where the codec has none. */
  readonly levels: CompressionLevels | undefined;
  /** Compresses in the framing of Kafka's Java client. The result belongs to the caller. */
  compress(input: Uint8Array, level?: number): Buffer;
  /**
   * Decompresses, never to more than `sizeBytesMax`, whatever the input claims.
   * The result belongs to the caller, except that "none" gives a view of the input.
   * @throws DecompressionError
   */
  decompress(input: Uint8Array, sizeBytesMax: number): Buffer;
}

/** A codec's levels, both ends included; Kafka's `compression.*.level`. */
export interface CompressionLevels {
  readonly min: number;
  readonly max: number;
  readonly default: number;
}

/**
 * Compressed bytes cannot be read: they are not what the codec writes (`corrupt`), or they would
 * take more room than is allowed (`too large`: a bomb, or a limit set too low).
 */
export class DecompressionError extends ProtocolError {
  readonly code = "DECOMPRESSION_FAILED";
  readonly reason: "corrupt" | "too large";

  constructor(
    message: string,
    details: { readonly reason: "corrupt" | "too large"; readonly cause?: unknown },
  ) {
    super(message, { cause: details.cause });
    this.reason = details.reason;
  }
}

/** The error for bytes that a codec cannot have written. */
export function corrupt(message: string, cause?: unknown): DecompressionError {
  return new DecompressionError(message, { reason: "corrupt", cause });
}

/** The error for bytes that decompress to more than is allowed. */
export function tooLarge(codec: CompressionName, sizeBytesMax: number): DecompressionError {
  return new DecompressionError(`${codec} data decompresses to more than ${sizeBytesMax} bytes`, {
    reason: "too large",
  });
}
