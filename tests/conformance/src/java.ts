import { output, type ProgramOptions } from "./program.ts";
import { jarsFolder } from "./places.ts";

/** For programs that run for a second: start fast, compile little. */
const briefOptions = ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];

/** The command line of a main class of Apache Kafka's jars. */
export function javaCommand(
  mainClass: string,
  args: readonly string[],
  options: readonly string[] = briefOptions,
): readonly string[] {
  const logging = "-Dorg.slf4j.simpleLogger.defaultLogLevel=error";
  return ["java", ...options, logging, "-cp", `${jarsFolder}/*`, mainClass, ...args];
}

/** Runs one of Apache Kafka's tools, which must succeed, and gives what it printed. */
export async function kafkaTool(
  mainClass: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<string> {
  return (await output(javaCommand(mainClass, args), options)).toString("utf8");
}
