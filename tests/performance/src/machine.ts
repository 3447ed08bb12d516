import { execFileSync } from "node:child_process";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Writes and deletes a file of three quarters of the memory. On a virtual machine the first touch
 * of a page is the host's work and would be charged to whichever broker runs first.
 */
export function warmMemory(folder: string): void {
  const file = path.join(folder, "warm");
  const block = Buffer.alloc(64 << 20, 1);
  const descriptor = openSync(file, "w");
  for (let written = 0; written < totalmem() * 0.75; written += block.length) {
    writeSync(descriptor, block);
  }
  closeSync(descriptor);
  rmSync(file);
}

/** Longer than either broker keeps deleted files (see broker-process.ts) and then frees them. */
const deletionMs = 8000;

/**
 * Waits until nothing is left to write or to free: gigabytes that an earlier row produced, or
 * deleted, on either broker are not the work of a row that measures latency.
 */
export async function settleDisk(): Promise<void> {
  await sleep(deletionMs);
  execFileSync("sync");
}

/** One line that says what the figures were measured on. */
export function describeMachine(): string {
  const model = cpus()[0]?.model ?? "unknown processor";
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} x ${model}, ${gigabytes} GiB, Node ${process.versions.node}`;
}
