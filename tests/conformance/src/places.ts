import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";

/** This workspace's folder. */
export const here = dirname(import.meta.dirname);

/** The repository's top folder. */
export const root = dirname(dirname(here));

/** The cache of this user, shared by clones. */
export const userCache = join(
  process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"),
  "millrace",
);

/** What is compiled or installed for these tests, shared by clones. */
export const cache = join(userCache, "conformance");

/** Apache Kafka's version: the peer, and the reference for what is right. */
const kafkaVersion = "4.3.1";

/** Where Apache Kafka's jars are once they are fetched: see `kafkaJars` of tools/spec-check. */
export const jarsFolder = process.env["KAFKA_JARS"] ?? join(userCache, `kafka-${kafkaVersion}`);

/** Where the programs of a language are built: another folder when their sources change. */
export function builtFolder(language: "c" | "go" | "python"): string {
  const folder = join(cache, `${language}-${sourceHash(join(here, language))}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

function sourceHash(folder: string): string {
  const hash = createHash("sha256");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  for (const name of names) {
    const path = join(folder, name);
    if (statSync(path).isFile()) hash.update(name).update(readFileSync(path));
  }
  return hash.digest("hex").slice(0, 12);
}
