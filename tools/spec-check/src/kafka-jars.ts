import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";

const kafkaVersion = "4.3.1";
/** A cold download is some 130 MB. */
const mavenTimeoutMs = 10 * 60 * 1000;

/** A folder with Apache Kafka's jars, or why there is none. */
export type KafkaJars = { readonly folder: string } | { readonly missing: string };

/**
 * Gives a folder with the jars of Apache Kafka 4.3.1: the one that KAFKA_JARS names, or one under
 * ~/.cache/millrace, which Maven fills at the first call.
 */
export function kafkaJars(): KafkaJars {
  const given = process.env["KAFKA_JARS"];
  if (given !== undefined) return holdsJars(given);
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  const folder = join(cache, "millrace", `kafka-${kafkaVersion}`);
  const mark = join(folder, ".complete");
  if (existsSync(mark)) return { folder };
  mkdirSync(folder, { recursive: true });
  process.stderr.write(`Maven copies Apache Kafka ${kafkaVersion} to ${folder} …\n`);
  const pom = join(dirname(import.meta.dirname), "kafka.pom.xml");
  const args = ["-q", "-B", "-f", pom, "dependency:copy-dependencies"];
  const maven = spawnSync("mvn", [...args, `-DoutputDirectory=${folder}`], {
    stdio: ["ignore", "ignore", "inherit"],
    timeout: mavenTimeoutMs,
  });
  if (maven.error !== undefined) {
    return { missing: `Maven (mvn) cannot be run: ${maven.error.message}` };
  }
  if (maven.status !== 0) return { missing: "Maven could not download Apache Kafka" };
  writeFileSync(mark, "");
  return { folder };
}

function holdsJars(folder: string): KafkaJars {
  const jar = `kafka-clients-${kafkaVersion}.jar`;
  if (existsSync(join(folder, jar))) return { folder };
  return { missing: `KAFKA_JARS names ${folder}, which has no ${jar}` };
}

/** Gives the paths of Apache Kafka's own jars in a folder. */
export function ownJars(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith("kafka") && name.endsWith(`-${kafkaVersion}.jar`))
    .sort()
    .map((name) => join(folder, name));
}
