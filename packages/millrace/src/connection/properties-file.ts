import { readFileSync } from "node:fs";
import { parseProperties } from "@millrace/platform";
import { UsageError } from "../usage-error.ts";

/**
 * Reads a file of Java's properties, a client's configuration.
 * @throws UsageError when it cannot be read, or a line is not one.
 */
export function readPropertiesFile(path: string): Readonly<Record<string, string>> {
  const { lines, faults } = parseProperties(readText(path));
  const [fault] = faults;
  if (fault !== undefined) {
    throw new UsageError(`${path}, line ${fault.lineNumber}: ${fault.message}`);
  }
  return Object.fromEntries(lines.map(({ key, value }) => [key, value]));
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`the properties file cannot be read: ${said}`, { cause });
  }
}
