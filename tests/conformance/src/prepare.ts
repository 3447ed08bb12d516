import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { kafkaJars } from "@millrace/spec-check";
import type { Need } from "./clients.ts";
import { archiveClasses } from "./java-cache.ts";
import { builtFolder, here } from "./places.ts";
import { find, runProgram } from "./program.ts";
import { type ZooKeeperRelease, zooKeeperJars } from "./zookeeper-jars.ts";

/** Why something that foreign clients need is not here. */
export type Missing = Partial<Record<Need, string>>;

/** Each command that is needed, and Debian's package that has it. */
const debianPackages: Readonly<Record<string, string>> = {
  openssl: "openssl",
  kcat: "kcat",
  gcc: "gcc libc6-dev",
  java: "default-jdk-headless",
  javac: "default-jdk-headless",
  mvn: "maven",
  go: "golang-go",
  python3: "python3 python3-venv",
};

/**
 * Puts foreign clients in place: Debian's packages when this is root on Debian, Apache Kafka's
 * and ZooKeeper's jars, the Go, Python and C programs. The second time it only looks.
 * @returns what could not be had, with the reason.
 */
export async function prepare(say: (text: string) => void): Promise<Missing> {
  await installDebianPackages(say);
  const missing: Missing = {};
  const note = async (need: Need, work: () => Promise<string | undefined>): Promise<void> => {
    const reason = await work();
    if (reason !== undefined) missing[need] = reason;
  };
  await Promise.all([
    note("kcat", () => Promise.resolve(find("kcat") ? undefined : "kcat is not installed")),
    note("go", () => once(builtFolder("go"), say, buildGo)),
    note("python", () => once(builtFolder("python"), say, installPython)),
    note("c", () => once(builtFolder("c"), say, buildC)),
    note("java", () => Promise.resolve(fetchJars())),
    note("zookeeper-3.8", () => Promise.resolve(fetchZooKeeper("3.8"))),
    note("zookeeper-3.9", () => Promise.resolve(fetchZooKeeper("3.9"))),
  ]);
  if (missing.java === undefined) await archiveClasses(say);
  return missing;
}

async function installDebianPackages(say: (text: string) => void): Promise<void> {
  const absent = Object.keys(debianPackages).filter((command) => find(command) === undefined);
  const hasLibrary = existsSync("/usr/include/librdkafka/rdkafka.h");
  const hasZooKeeper = existsSync("/usr/share/java/zookeeper.jar");
  if (absent.length === 0 && hasLibrary && hasZooKeeper) return;
  if (!existsSync("/etc/debian_version") || process.getuid?.() !== 0) return;
  const wanted = absent.flatMap((command) => (debianPackages[command] ?? "").split(" "));
  if (!hasLibrary) wanted.push("librdkafka-dev");
  if (!hasZooKeeper) wanted.push("libzookeeper-java");
  const names = [...new Set(wanted)];
  say(`installing Debian's ${names.join(", ")} …`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await runProgram(["apt-get", "-qq", "update"], { env, timeoutMs: 120_000 });
  // A package that cannot be had must not keep the others away.
  for (const name of names) {
    const words = ["apt-get", "-qq", "install", "-y", "--no-install-recommends", name];
    await runProgram(words, { env, timeoutMs: 300_000 });
  }
}

/** Does work whose result stays in a folder, unless it was done to its end before. */
async function once(
  folder: string,
  say: (text: string) => void,
  work: (folder: string, say: (text: string) => void) => Promise<string | undefined>,
): Promise<string | undefined> {
  const stamp = join(folder, ".complete");
  if (existsSync(stamp)) return undefined;
  mkdirSync(folder, { recursive: true });
  const reason = await work(folder, say);
  if (reason === undefined) writeFileSync(stamp, "");
  return reason;
}

/** Says so by itself when it downloads; waits, since nothing else can be done without. */
function fetchJars(): string | undefined {
  if (find("java") === undefined) return "java is not installed";
  const jars = kafkaJars();
  return "missing" in jars ? jars.missing : undefined;
}

function fetchZooKeeper(release: ZooKeeperRelease): string | undefined {
  const jars = zooKeeperJars(release);
  return "missing" in jars ? jars.missing : undefined;
}

async function buildGo(folder: string, say: (text: string) => void): Promise<string | undefined> {
  if (find("go") === undefined) return "go is not installed";
  say("building the Go clients (franz-go, sarama, kafka-go) …");
  const result = await runProgram(["go", "build", "-o", `${folder}/`, "./..."], {
    cwd: join(here, "go"),
    timeoutMs: 400_000,
  });
  return result.status === 0 ? undefined : failure("go build", result);
}

async function installPython(
  folder: string,
  say: (text: string) => void,
): Promise<string | undefined> {
  if (find("python3") === undefined) return "python3 is not installed";
  const list = join(here, "python/requirements.txt");
  const names = readFileSync(list, "utf8").trim().split("\n").join(", ");
  say(`installing the Python clients (${names}) …`);
  const made = await runProgram(["python3", "-m", "venv", folder], { timeoutMs: 120_000 });
  if (made.status !== 0) return failure("python3 -m venv", made);
  const words = [join(folder, "bin/pip"), "install", "--quiet", "--requirement", list];
  const result = await runProgram(words, { timeoutMs: 300_000 });
  return result.status === 0 ? undefined : failure("pip install", result);
}

async function buildC(folder: string): Promise<string | undefined> {
  if (find("gcc") === undefined) return "gcc is not installed";
  const source = join(here, "c/librdkafka.c");
  const binary = join(folder, "librdkafka");
  const result = await runProgram(["gcc", "-O1", "-o", binary, source, "-lrdkafka"]);
  return result.status === 0 ? undefined : failure("gcc", result);
}

function failure(
  what: string,
  result: { readonly status: number; readonly stderr: string },
): string {
  const lastLine = result.stderr.trim().split("\n").at(-1) ?? "";
  return `${what} ended with ${result.status}: ${lastLine}`;
}
