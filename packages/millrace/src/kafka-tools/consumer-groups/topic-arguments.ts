import type { TopicPartition } from "@millrace/client";
import { ToolUsageError } from "../tool-errors.ts";
import type { GroupTask } from "./group-task.ts";

/** Partitions that words mean, and topics that are not there. */
export interface NamedPartitions {
  readonly places: readonly TopicPartition[];
  readonly unknown: ReadonlyMap<string, Error>;
}

/** Reads `orders` and `orders:0,1`. @throws ToolUsageError */
export async function partitionsOfTopics(
  { admin, timeoutMs }: Pick<GroupTask, "admin" | "timeoutMs">,
  words: readonly string[],
): Promise<NamedPartitions> {
  const places = words.filter((word) => word.includes(":")).flatMap(partitionsOfWord);
  const topics = words.filter((word) => !word.includes(":"));
  const unknown = new Map<string, Error>();
  if (topics.length > 0) {
    for (const [topic, found] of await admin.describeTopics(topics, { timeoutMs })) {
      if (found instanceof Error) unknown.set(topic, found);
      else places.push(...found.partitions.map(({ partition }) => ({ topic, partition })));
    }
  }
  return { places, unknown };
}

function partitionsOfWord(word: string): TopicPartition[] {
  const [topic = "", list = "", ...more] = word.split(":");
  if (list === "" || more.length > 0) {
    throw new ToolUsageError(`Invalid topic arg '${word}', expected topic name and partitions`);
  }
  return list.split(",").map((text) => {
    if (/^[+-]?\d+$/.test(text)) return { topic, partition: Number(text) };
    throw new ToolUsageError(`Invalid partition '${text}' specified in topic arg '${word}''`);
  });
}
