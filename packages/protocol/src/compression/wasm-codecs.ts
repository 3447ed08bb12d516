import { createRequire } from "node:module";

/** Snappy blocks and LZ4 frames in WebAssembly. Inputs are not kept, results are the caller's. */
export interface WasmCodecs {
  readonly snappyCompress: (input: Uint8Array) => Buffer;
  readonly snappyDecompress: (input: Uint8Array) => Buffer;
  readonly lz4Compress: (input: Uint8Array) => Buffer;
  readonly lz4Decompress: (input: Uint8Array) => Buffer;
}

/**
 * The module's memory never shrinks, so nothing larger goes through it, in or out: larger data
 * takes the way in TypeScript.
 */
export const WASM_SIZE_BYTES_MAX = 8 * 1024 * 1024;

/**
 * Each trap may leave a buffer behind in the module's memory, and the module cannot be made anew.
 * After this many the process goes on in TypeScript alone.
 */
const TRAPS_MAX = 8;

let loaded: WasmCodecs | "absent" | "not loaded" = "not loaded";
let traps = 0;

/** Gives the module, loading it at the first call (5 ms); undefined if there is none. */
export function wasmCodecs(): WasmCodecs | undefined {
  if (loaded === "not loaded") loaded = load();
  return loaded === "absent" ? undefined : loaded;
}

/** Notes that the module trapped on an input, which is damaged or not understood by it. */
export function noteTrap(): void {
  traps++;
  if (traps >= TRAPS_MAX) loaded = "absent";
}

function load(): WasmCodecs | "absent" {
  try {
    const module: unknown = createRequire(import.meta.url)("@platformatic/wasm-utils");
    return isModule(module) ? module : "absent";
  } catch {
    // It is an accelerator: without it the codecs in TypeScript do all the work.
    return "absent";
  }
}

function isModule(module: unknown): module is WasmCodecs {
  if (typeof module !== "object" || module === null) return false;
  const has = (name: string) => name in module;
  return ["snappyCompress", "snappyDecompress", "lz4Compress", "lz4Decompress"].every(has);
}
