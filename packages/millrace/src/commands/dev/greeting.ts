import { version } from "../../version.ts";
import type { DevValues } from "./dev-values.ts";

const defaultPort = 9092;

/** What a person sees when the broker is ready: where it is, and lines to paste. */
export function devGreeting(facts: {
  readonly bootstrap: string;
  readonly values: DevValues;
  readonly seededCount: number;
  /** From the start of the process. */
  readonly readyMs: number;
}): string {
  const { bootstrap, values, seededCount, readyMs } = facts;
  const names = values.topics.map(({ name, numPartitions }) => `${name} (${numPartitions})`);
  const topic = values.topics[0]?.name ?? "greetings";
  const at = bootstrap.endsWith(`:${defaultPort}`) ? "" : ` -b ${bootstrap}`;
  const records = seededCount === 0 ? "" : `, ${seededCount} records from ${values.seed}`;
  const rows = [
    ["Kafka", bootstrap],
    ["Topics", `${names.join(", ")}${records}`],
    ["Records in", values.memory === true ? "memory, gone when it stops" : values.data],
    ["Produce", `echo hello | millrace produce ${topic}${at}`],
    ["Consume", `millrace consume ${topic}${at}`],
    ["From code", `new Client({ bootstrap: "${bootstrap}" })   // @millrace/client, or any other`],
    ["Stop", "Ctrl-C"],
  ];
  const lines = rows.map(([name = "", text = ""]) => `  ${name.padEnd(12)} ${text}`);
  return `Millrace ${version} is ready after ${Math.round(readyMs)} ms\n${lines.join("\n")}\n`;
}
