import { existsSync } from "node:fs";
import { basename } from "node:path";
import { classArchive, compiledFolder } from "./java-cache.ts";
import { jarsFolder } from "./places.ts";
import { output, type ProgramOptions } from "./program.ts";

/** For programs that run for a second: start fast, compile little. */
const briefOptions = ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];

/**
 * The command line of a main class of Apache Kafka's jars, or of a program that is one Java file,
 * with the jars.
 * @throws Error when the file cannot be compiled.
 */
export function javaCommand(
  mainClass: string,
  args: readonly string[],
  options: readonly string[] = briefOptions,
): readonly string[] {
  const isFile = mainClass.endsWith(".java");
  const path = isFile ? `${jarsFolder}/*:${compiledFolder(mainClass)}` : `${jarsFolder}/*`;
  const name = isFile ? basename(mainClass, ".java") : mainClass;
  return ["java", ...options, ...sharing(), quiet, "-cp", path, name, ...args];
}

const quiet = "-Dorg.slf4j.simpleLogger.defaultLogLevel=error";

function sharing(): readonly string[] {
  const archive = classArchive();
  return archive === undefined || !existsSync(archive) ? [] : [`-XX:SharedArchiveFile=${archive}`];
}

/** Runs one of Apache Kafka's tools, which must succeed, and gives what it printed. */
export async function kafkaTool(
  mainClass: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<string> {
  return (await output(javaCommand(mainClass, args), options)).toString("utf8");
}
