import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./places.ts";

/** Lines that differ in length and in how well they compress; the same in every run. */
export function sampleLines(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => {
    const filler = index % 3 === 0 ? "=".repeat(index % 200) : String(index * 2_654_435_761);
    return `line ${index} äöü ${filler}`;
  });
}

/** A real log file of this machine, without its empty lines (kcat makes no record of those). */
export function machineLog(): { readonly path: string; readonly lines: readonly string[] } {
  const path = largestLog() ?? join(root, "package-lock.json");
  const text = readFileSync(path, "latin1");
  return { path, lines: text.split("\n").filter((line) => line !== "") };
}

/** Beyond this a load takes longer than it teaches. */
const logSizeBytesMax = 20_000_000;

function largestLog(): string | undefined {
  const names = readdirSync("/var/log", { recursive: true, encoding: "utf8" });
  const sizes = names.flatMap((name) => {
    const path = join("/var/log", name);
    const stat = statSync(path, { throwIfNoEntry: false });
    const isText = stat?.isFile() === true && /\.log$|log\/(messages|syslog)$/.test(path);
    return isText && stat.size <= logSizeBytesMax ? [{ path, size: stat.size }] : [];
  });
  return sizes.sort((left, right) => right.size - left.size)[0]?.path;
}
