import { ToolFailure } from "../tool-errors.ts";
import { topicPattern } from "../topic-filter.ts";

/** Which partitions of which topics are meant. */
export interface PartitionRule {
  isTopicMeant(topic: string): boolean;
  isPartitionMeant(topic: string, partition: number): boolean;
}

const rulePattern = /^([^:,]*)(?::(?:(\d*)|(?:(\d*)-(\d*))))?$/;

/** Reads `topic:3,other:1-4,:5-`. @throws ToolFailure */
export function rulesOfList(text: string): PartitionRule {
  const rules = text.split(",").map(ruleOf);
  return {
    isTopicMeant: (topic) => rules.some((rule) => rule.isTopicMeant(topic)),
    isPartitionMeant: (topic, partition) =>
      rules.some((rule) => rule.isTopicMeant(topic) && rule.isPartitionMeant(topic, partition)),
  };
}

/** Topics by a pattern and partitions by their numbers; all where it is not said. */
export function ruleOfTopicAndPartitions(
  topics: string | undefined,
  partitions: string | undefined,
): PartitionRule {
  const pattern = topicPattern(topics ?? ".*");
  const numbers = numbersOf(partitions ?? "");
  return {
    isTopicMeant: (topic) => pattern.test(topic),
    isPartitionMeant: (_topic, partition) => numbers.size === 0 || numbers.has(partition),
  };
}

function numbersOf(text: string): ReadonlySet<number> {
  if (text === "") return new Set();
  const words = text.split(",");
  if (words.every((word) => /^[+-]?\d+$/.test(word))) return new Set(words.map(Number));
  throw new ToolFailure(
    `--partitions expects a comma separated list of numeric partition ids, but received: ${text}`,
  );
}

function ruleOf(text: string): PartitionRule {
  const match = rulePattern.exec(text);
  if (match === null) {
    // Kafka's tool wraps this one, and tells its class with it.
    const said = `Invalid rule specification: ${text}`;
    throw new ToolFailure(`org.apache.kafka.tools.TerseException: ${said}`);
  }
  const [, topic = "", only = "", from = "", to = ""] = match;
  const pattern = topicPattern(topic === "" ? ".*" : topic);
  const least = from === "" ? 0 : Number(from);
  const end = to === "" ? Number.POSITIVE_INFINITY : Number(to);
  return {
    isTopicMeant: (name) => pattern.test(name),
    isPartitionMeant: (_topic, partition) =>
      only === "" ? partition >= least && partition < end : partition === Number(only),
  };
}
