import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { cache, jarsFolder } from "./places.ts";
import { find, runProgram } from "./program.ts";

/** What the tests' programs use; classes of other jars are loaded as ever. */
const archivedJarPattern = new RegExp(
  `^(${[
    "kafka",
    "jackson-(core|databind|annotations|datatype)",
    "scala-library",
    "argparse4j",
    "jopt-simple",
    "slf4j",
    "metrics-core",
  ].join("|")})`,
);

const archiveMsMax = 180_000;
const compileMsMax = 60_000;

/**
 * The folder with the classes of a program that is one Java file. They are compiled the first time:
 * Java would compile the file at every start, which takes longer than most of what it then does.
 * @throws Error with what the compiler said.
 */
export function compiledFolder(file: string): string {
  const hash = createHash("sha256").update(file).update(readFileSync(file)).digest("hex");
  const folder = join(cache, `classes-${basename(file, ".java")}-${hash.slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  // Whoever else compiles it now does so in a folder of its own.
  const own = mkdtempSync(`${folder}-`);
  const words = ["-nowarn", "-cp", `${jarsFolder}/*`, "-d", own, file];
  const result = spawnSync("javac", words, { encoding: "utf8", timeout: compileMsMax });
  if (result.status !== 0) throw new Error(`javac ${file}: ${result.stderr}`);
  keep(own, folder);
  return folder;
}

/**
 * Where the JVM's archive of Apache Kafka's classes stands, as they are after loading and verifying
 * (class data sharing); undefined without Java. One for each Java and each set of jars: a JVM that
 * finds another one's goes on without it.
 */
export function classArchive(): string | undefined {
  const home = javaHome();
  if (home === undefined) return undefined;
  const modules = statSync(join(home, "lib/modules"), { throwIfNoEntry: false });
  if (modules === undefined) return undefined;
  const identity = `${home} ${modules.size} ${modules.mtimeMs} ${jarsFolder}`;
  const hash = createHash("sha256").update(identity).digest("hex").slice(0, 12);
  return join(cache, `classes-${hash}.jsa`);
}

/**
 * Makes the archive, unless it is there: starting a tool of Apache Kafka takes half the time with
 * it. Whatever goes wrong, everything works without.
 */
export async function archiveClasses(say: (text: string) => void): Promise<void> {
  const archive = classArchive();
  const home = javaHome();
  if (archive === undefined || home === undefined || existsSync(archive)) return;
  const ownList = join(home, "lib/classlist");
  if (!existsSync(ownList) || find("jar") === undefined) return;
  say("archiving Apache Kafka's classes, so that Java starts sooner …");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "archive-"));
  try {
    const list = join(folder, "classes.lst");
    writeFileSync(list, [readFileSync(ownList, "utf8"), ...(await classNames())].join("\n"));
    const made = join(folder, "classes.jsa");
    const files = [`-XX:SharedClassListFile=${list}`, `-XX:SharedArchiveFile=${made}`];
    const words = ["java", "-Xshare:dump", ...files, "-Xlog:disable", "-cp", `${jarsFolder}/*`];
    const { status } = await runProgram(words, { timeoutMs: archiveMsMax });
    if (status === 0) renameSync(made, archive);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function classNames(): Promise<readonly string[]> {
  const jars = readdirSync(jarsFolder).filter((name) => archivedJarPattern.test(name));
  const lists = await Promise.all(
    jars.map(async (jar) => {
      const { stdout } = await runProgram(["jar", "--list", "--file", join(jarsFolder, jar)]);
      return stdout.toString("utf8").split("\n");
    }),
  );
  return lists
    .flat()
    .filter((name) => name.endsWith(".class") && !/META-INF|module-info|package-info/.test(name))
    .map((name) => name.slice(0, -".class".length));
}

function javaHome(): string | undefined {
  if (process.platform === "win32") return undefined;
  const java = find("java");
  return java === undefined ? undefined : dirname(dirname(realpathSync(java)));
}

/** Gives a finished folder its name, unless another process was first. */
function keep(own: string, folder: string): void {
  try {
    renameSync(own, folder);
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}
