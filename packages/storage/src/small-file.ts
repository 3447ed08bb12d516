import { type FileSystem, IoError } from "@millrace/platform";

/** The system's codes of a disk that has no room: writes are refused, and come back with room. */
const noRoomCodes: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EFBIG", "EMFILE", "ENFILE"]);

/** Whether an operation failed for want of room alone. */
export function hasNoRoom(error: unknown): boolean {
  return error instanceof IoError && noRoomCodes.has(error.systemCode);
}

/** How sure a small file must be when `replaceFile` returns. */
export type Durability =
  /** It and its name survive a power loss. */
  | "synced"
  /** It survives the end of the process; after a power loss the former content may be back. */
  | "cached";

/** Replaces a small file as a whole: a reader sees the old or the new one, never a part. */
export function replaceFile(
  fileSystem: FileSystem,
  path: string,
  options: { readonly content: Buffer | string; readonly durability: Durability },
): void {
  const temporary = `${path}.tmp`;
  const { content } = options;
  const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
  const file = fileSystem.open(temporary, "create");
  try {
    file.truncate(0);
    file.writeSync([bytes], 0);
    if (options.durability === "synced") file.syncNow();
  } finally {
    file.close();
  }
  fileSystem.rename(temporary, path);
  if (options.durability === "synced") fileSystem.syncDirectory(parentOf(path));
}

/** As `replaceFile` with the content synced, without holding up the event loop. */
export async function replaceFileLater(
  fileSystem: FileSystem,
  path: string,
  options: { readonly content: string; readonly isOvertaken: () => boolean },
): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = fileSystem.open(temporary, "create");
  try {
    file.truncate(0);
    file.writeSync([Buffer.from(options.content, "utf8")], 0);
    await file.sync();
  } finally {
    file.close();
  }
  // Meanwhile the file was replaced by a newer one, under the same temporary name.
  if (!options.isOvertaken()) fileSystem.rename(temporary, path);
}

/** The directory that holds a path. */
export function parentOf(path: string): string {
  const end = path.lastIndexOf("/");
  return end <= 0 ? "/" : path.slice(0, end);
}
