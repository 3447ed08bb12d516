import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";

/** A hook that stands for a whole file would be one of every file of its process. */
const fileHookPattern = /^(before|after)(Each)?\(/m;

/** Files as the runner is given them, and what stands for each in its output. */
export interface Batches {
  readonly files: string[];
  /** Of those that are not test files themselves. */
  readonly labels: ReadonlyMap<string, string>;
}

/**
 * Joins test files into fewer, each of which imports up to `size` of them, so that what they have
 * in common is loaded once: a process of its own for each costs more than most of them do. A file
 * with hooks of its own stays alone.
 */
export function inBatches(files: readonly string[], size: number, root: string): Batches {
  if (size === 1) return { files: [...files], labels: new Map() };
  const alone = files.filter((file) => fileHookPattern.test(readFileSync(file, "utf8")));
  const others = files.filter((file) => !alone.includes(file));
  const folder = mkdtempSync(join(tmpdir(), "millrace-batches-"));
  const labels = new Map<string, string>();
  for (let begin = 0; begin < others.length; begin += size) {
    const members = others.slice(begin, begin + size);
    const path = join(folder, `batch-${String(labels.size).padStart(3, "0")}.test.mjs`);
    const imports = members.map((file) => `import ${JSON.stringify(pathToFileURL(file).href)};\n`);
    writeFileSync(path, imports.join(""));
    const first = relative(root, members[0] ?? "");
    const last = relative(root, members.at(-1) ?? "");
    labels.set(path, members.length === 1 ? first : `${first} … ${last}`);
  }
  return { files: [...labels.keys(), ...alone], labels };
}
