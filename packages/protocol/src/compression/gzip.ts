import { gunzipSync, gzipSync } from "node:zlib";

import { type Codec, corrupt, tooLarge } from "./codec.ts";

/** gzip (RFC 1952), by zlib. The levels are zlib's; Java's default of -1 is level 6. */
export const gzipCodec: Codec = {
  name: "gzip",
  levels: { min: 1, max: 9, default: -1 },
  compress: (input, level = -1) => gzipSync(input, { level }),
  decompress: (input, sizeBytesMax) => {
    try {
      return gunzipSync(input, { maxOutputLength: Math.max(1, sizeBytesMax) });
    } catch (error) {
      throw isTooLarge(error)
        ? tooLarge("gzip", sizeBytesMax)
        : corrupt("the gzip data is damaged", error);
    }
  },
};

/** Whether node:zlib stopped because the output passed `maxOutputLength`. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}
