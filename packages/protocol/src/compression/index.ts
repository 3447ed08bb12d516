export {
  type Codec,
  type CompressionLevels,
  type CompressionName,
  compressionIds,
  DecompressionError,
} from "./codec.ts";
export { codecOf, codecOfId } from "./compression.ts";
