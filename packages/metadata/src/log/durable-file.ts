import type { FileSystem } from "@millrace/platform";

/**
 * Writes a small file so that after a crash either the old or the new content is there, whole: to a
 * temporary name, made durable, renamed, and the directory made durable.
 */
export function replaceFile(fileSystem: FileSystem, path: string, content: Uint8Array): void {
  const temporary = `${path}.tmp`;
  fileSystem.removeFile(temporary);
  const file = fileSystem.open(temporary, "createNew");
  try {
    file.writeSync([content], 0);
    file.syncNow();
  } finally {
    file.close();
  }
  fileSystem.rename(temporary, path);
  fileSystem.syncDirectory(directoryOf(path));
}

/** Makes a directory, if it is absent, whose entry in its parent is durable. */
export function makeDurableDirectory(fileSystem: FileSystem, path: string): void {
  if (fileSystem.exists(path)) return;
  fileSystem.makeDirectory(path);
  fileSystem.syncDirectory(directoryOf(path));
}

/** Gives the directory part of a path. */
export function directoryOf(path: string): string {
  const slash = path.lastIndexOf("/");
  if (slash === -1) return ".";
  return slash === 0 ? "/" : path.slice(0, slash);
}
