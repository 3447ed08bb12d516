import { DecompressionError } from "@millrace/protocol";
import { recompress, type RecompressionConfig } from "./recompress.ts";

/** A whole, valid batch and what it is to become. */
export interface RecompressInput {
  readonly batch: Uint8Array;
  readonly config: RecompressionConfig;
}

/** The batch with its new codec, or why its records cannot be read. */
export type RecompressResult =
  | { readonly kind: "recompressed"; readonly batch: Uint8Array }
  | { readonly kind: "corrupt"; readonly message: string };

/** `recompress` as a step that a worker thread can take. */
export function recompressStep({ batch, config }: RecompressInput): RecompressResult {
  try {
    const bytes = Buffer.from(batch.buffer, batch.byteOffset, batch.byteLength);
    // Its own memory: a view would take all that it is a view of to the other thread.
    return { kind: "recompressed", batch: new Uint8Array(recompress(bytes, config)) };
  } catch (error) {
    if (!(error instanceof DecompressionError)) throw error;
    return { kind: "corrupt", message: error.message };
  }
}
