import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import {
  type ContextFile,
  ContextFileError,
  formatContextFile,
  parseContextFile,
} from "./context-file.ts";

/** Reads the contexts. @throws ContextFileError when the file cannot be read or is not one. */
export function readContexts(path: string): ContextFile {
  return parseContextFile(readIfThere(path), path);
}

/**
 * Replaces the contexts, in one step; only the user may read the file, since it can hold secrets.
 * @throws ContextFileError when it cannot be written.
 */
export function writeContexts(path: string, file: ContextFile): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const next = `${path}.new`;
    writeFileSync(next, formatContextFile(file), { mode: 0o600 });
    chmodSync(next, 0o600);
    renameSync(next, path);
  } catch (cause) {
    throw new ContextFileError(`${path} cannot be written: ${messageOf(cause)}`, { cause });
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (isAbsent(cause)) return undefined;
    throw new ContextFileError(`${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
