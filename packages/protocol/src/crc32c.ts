import { createRequire } from "node:module";

import { crc32cSlicing } from "./crc32c-slicing.ts";

/**
 * From this many bytes on the native module is faster: entering it costs 150 ns, in which the
 * JavaScript of crc32c-slicing.ts sums about 190 bytes.
 * Measured: docs/decisions/010-checksums-and-codecs.md.
 */
const NATIVE_SIZE_BYTES_MIN = 192;

/**
 * Loading the native module takes about 10 ms. That is worth it only for a process that moves data:
 * this many bytes are summed in JavaScript first (under 1 ms), so that a start does not pay for it.
 */
const BYTES_BEFORE_LOAD = 1024 * 1024;

type NativeCrc32c = (bytes: Uint8Array, state?: number) => number;

let native: NativeCrc32c | "absent" | "not loaded" = "not loaded";
let bytesSummed = 0;

/**
 * Gives the CRC-32C (Castagnoli) of `bytes[start, end)` as an unsigned number.
 *
 * `state` is the result for the bytes before, 0 at first: parts may be summed one after the other.
 * Uses the optional native module where it is installed (16 GB/s at 1 MB), else JavaScript
 * (1.4 GB/s). The results are the same.
 */
export function crc32c(bytes: Uint8Array, start: number, end: number, state = 0): number {
  const sizeBytes = end - start;
  if (sizeBytes < NATIVE_SIZE_BYTES_MIN) return crc32cSlicing(bytes, start, end, state);
  if (native === "not loaded") {
    bytesSummed += sizeBytes;
    if (bytesSummed > BYTES_BEFORE_LOAD) native = loadNative();
  }
  if (typeof native === "string") return crc32cSlicing(bytes, start, end, state);
  return native(bytes.subarray(start, end), state);
}

/**
 * Loads the native checksum if it is installed, so that no later call has to wait for it.
 * @returns whether it is there.
 */
export function warmCrc32c(): boolean {
  if (native === "not loaded") native = loadNative();
  return typeof native === "function";
}

function loadNative(): NativeCrc32c | "absent" {
  try {
    const module: unknown = createRequire(import.meta.url)("@node-rs/crc32");
    if (isNativeModule(module) && module.crc32c(Buffer.from("123456789")) === 0xe3069283) {
      return module.crc32c;
    }
  } catch {
    // The module is optional: on a platform that it does not support JavaScript does the work.
  }
  return "absent";
}

function isNativeModule(module: unknown): module is { readonly crc32c: NativeCrc32c } {
  return (
    typeof module === "object" &&
    module !== null &&
    "crc32c" in module &&
    typeof module.crc32c === "function"
  );
}
