import type { TopicPartition } from "@millrace/client";
import { ToolFailure } from "../tool-errors.ts";

/**
 * Reads `{"partitions": [{"topic", "partition"}]}`.
 * @throws ToolFailure in the words of Kafka's tool.
 */
export function parseElectionJson(text: string): readonly TopicPartition[] {
  const content = parse(text);
  if (typeof content !== "object" || content === null) {
    throw new ToolFailure("Replica election data is empty");
  }
  if (!("partitions" in content) || !Array.isArray(content.partitions)) {
    throw new ToolFailure('Replica election data is missing "partitions" field');
  }
  const listed: readonly unknown[] = content.partitions;
  const places = listed.map(placeOf);
  const names = places.map(({ topic, partition }) => `${topic}-${partition}`);
  const doubled = new Set(names.filter((name, index) => names.indexOf(name) < index));
  if (doubled.size === 0) return places;
  const named = [...doubled].join(", ");
  throw new ToolFailure(`Replica election data contains duplicate partitions: [${named}]`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new ToolFailure("Replica election data is empty", { cause });
  }
}

function placeOf(place: unknown): TopicPartition {
  if (typeof place === "object" && place !== null && "topic" in place && "partition" in place) {
    const { topic, partition } = place;
    if (typeof topic === "string" && typeof partition === "number") return { topic, partition };
  }
  throw new ToolFailure(`Expected a topic and a partition: ${JSON.stringify(place)}`);
}
