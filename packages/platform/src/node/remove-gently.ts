import { open, unlink } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { systemCodeOf, toIoError } from "./io-error.ts";

/**
 * So much of a file is given back at a time. Measured: to free 1 GB of cached file at once takes
 * the kernel 450 ms of a core, which nothing else can use meanwhile.
 */
const stepBytes = 8 * 1024 * 1024;

/** Between two steps others have the core and the disk. */
const pauseMs = 5;

/**
 * Removes a file in the thread pool, a large one from its end in steps; no error when absent.
 * @throws IoError
 */
export async function removeGently(path: string): Promise<void> {
  try {
    await shorten(path);
    await unlink(path);
  } catch (error) {
    if (systemCodeOf(error) !== "ENOENT") throw toIoError("remove", path, error);
  }
}

async function shorten(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    const { size, nlink } = await file.stat();
    // Somebody else's name for the same bytes, a backup's, keeps them.
    if (nlink > 1) return;
    for (let left = size - stepBytes; left > 0; left -= stepBytes) {
      await file.truncate(left);
      await setTimeout(pauseMs, undefined, { ref: false });
    }
  } finally {
    await file.close();
  }
}
