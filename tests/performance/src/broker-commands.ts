import { existsSync } from "node:fs";
import path from "node:path";
import { kafkaJars } from "@millrace/spec-check";

const ROOT = path.join(import.meta.dirname, "..", "..", "..");

/**
 * Starts Millrace from its built form, or from its sources where there is none or they are named.
 */
export function millraceCommand(named?: string): {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
} {
  const built = path.join(ROOT, "packages", "millrace", "dist", "main.js");
  const form = named ?? (existsSync(built) ? "built" : "source");
  if (form === "built") return { command: [process.execPath, built], environment: {} };
  return {
    command: [process.execPath, path.join(ROOT, "packages", "millrace", "src", "main.ts")],
    environment: { NODE_OPTIONS: "--conditions=@millrace/source" },
  };
}

/** The folder of Apache Kafka's jars; Maven fills it at the first call. */
export function kafkaFolder(): string {
  const jars = kafkaJars();
  if ("missing" in jars) throw new Error(jars.missing);
  return jars.folder;
}
