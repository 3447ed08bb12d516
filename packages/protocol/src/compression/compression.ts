import { type Codec, type CompressionName, compressionIds, DecompressionError } from "./codec.ts";
import { gzipCodec } from "./gzip.ts";
import { lz4Codec } from "./lz4.ts";
import { snappyCodec } from "./snappy.ts";
import { zstdCodec } from "./zstd.ts";

const noneCodec: Codec = {
  name: "none",
  levels: undefined,
  compress: (input) => view(input),
  decompress: (input, sizeBytesMax) => {
    if (input.length <= sizeBytesMax) return view(input);
    throw new DecompressionError(`the data is longer than ${sizeBytesMax} bytes`, {
      reason: "too large",
    });
  },
};

/** Every codec, at its number. */
const codecs: readonly Codec[] = [noneCodec, gzipCodec, snappyCodec, lz4Codec, zstdCodec];

/** The codec with a number of bits 0 to 2 of a batch's attributes; undefined for 5 to 7. */
export function codecOfId(id: number): Codec | undefined {
  return codecs[id];
}

/** The codec with a name of `compression.type`. */
export function codecOf(name: CompressionName): Codec {
  return codecs[compressionIds[name]] ?? noneCodec;
}

function view(input: Uint8Array): Buffer {
  return Buffer.from(input.buffer, input.byteOffset, input.byteLength);
}
