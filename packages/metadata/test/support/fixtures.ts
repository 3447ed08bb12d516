import { readdirSync, readFileSync } from "node:fs";
import type { FileSystem } from "@millrace/platform";

/** Folders that single nodes of Apache Kafka 4.3.1 wrote; README.md beside them says how. */
export type Fixture = "kafka-4.3.1-static" | "kafka-4.3.1-standalone";

/** Copies a fixture into a simulated machine. */
export function copyFixture(fixture: Fixture, fileSystem: FileSystem, target: string): void {
  const source = new URL(`../fixtures/${fixture}/`, import.meta.url);
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const folder = entry.parentPath.slice(source.pathname.length).replace(/\/$/, "");
    const directory = folder === "" ? target : `${target}/${folder}`;
    fileSystem.makeDirectory(directory);
    const file = fileSystem.open(`${directory}/${entry.name}`, "createNew");
    file.writeSync([readFileSync(`${entry.parentPath}/${entry.name}`)], 0);
    file.close();
  }
}
