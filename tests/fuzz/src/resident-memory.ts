import { existsSync, readFileSync } from "node:fs";

/** Bytes of memory that a process has now; undefined where the system does not tell (no Linux). */
export function residentBytes(pid: number): number | undefined {
  const path = `/proc/${pid}/status`;
  if (!existsSync(path)) return undefined;
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(path, "utf8"));
  return found === null ? undefined : Number(found[1]) * 1024;
}
