import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";

import { type Codec, corrupt, tooLarge } from "./codec.ts";
import { isTooLarge } from "./gzip.ts";

/**
 * The largest window that is decoded, as a power of two: 128 MiB, the most that any level writes
 * and what Kafka's Java client reads. Pages of a window are touched only as output fills them.
 */
const WINDOW_LOG_MAX = 27;

/** Zstandard (RFC 8878), by zlib. The levels are those of libzstd. */
export const zstdCodec: Codec = {
  name: "zstd",
  levels: { min: -131072, max: 22, default: 3 },
  compress: (input, level = 3) =>
    zstdCompressSync(input, { params: { [constants.ZSTD_c_compressionLevel]: level } }),
  decompress: (input, sizeBytesMax) => {
    try {
      return zstdDecompressSync(input, {
        maxOutputLength: Math.max(1, sizeBytesMax),
        params: { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG_MAX },
      });
    } catch (error) {
      throw isTooLarge(error)
        ? tooLarge("zstd", sizeBytesMax)
        : corrupt("the zstd data is damaged", error);
    }
  },
};
