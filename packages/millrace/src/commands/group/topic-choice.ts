import { partitionList } from "../consume/partition-list.ts";

/** A topic, or some of its partitions. */
export interface TopicChoice {
  readonly topic: string;
  /** Undefined for all. */
  readonly partitions: readonly number[] | undefined;
}

/** Reads `orders` and `orders:0,3,5-7`. */
export function topicChoice(text: string): TopicChoice {
  const at = text.indexOf(":");
  if (at < 0) return { topic: text, partitions: undefined };
  return { topic: text.slice(0, at), partitions: partitionList(text.slice(at + 1)) };
}
