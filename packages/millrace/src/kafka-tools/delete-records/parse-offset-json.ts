import type { RecordsToDelete } from "@millrace/client";
import { ToolFailure } from "../tool-errors.ts";

/**
 * Reads `{"partitions": [{"topic", "partition", "offset"}], "version": 1}`.
 * @throws ToolFailure in the words of Kafka's tool.
 */
export function parseOffsetJson(text: string): readonly RecordsToDelete[] {
  const content = parse(text);
  if (typeof content !== "object" || content === null) {
    throw new ToolFailure(`Expected JSON object, received ${JSON.stringify(content)}`);
  }
  const version = "version" in content ? content.version : 1;
  if (version !== 1) {
    throw new ToolFailure(`Not supported version field value ${JSON.stringify(version)}`);
  }
  if (!("partitions" in content) || !Array.isArray(content.partitions)) {
    throw new ToolFailure("Missing partitions field");
  }
  const places: readonly unknown[] = content.partitions;
  const records = places.map(placeOf);
  const names = records.map(({ topic, partition }) => `${topic}-${partition}`);
  const doubled = new Set(names.filter((name, index) => names.indexOf(name) < index));
  if (doubled.size === 0) return records;
  const named = [...doubled].join(",");
  throw new ToolFailure(`Offset json file contains duplicate topic partitions: ${named}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new ToolFailure("The input string is not a valid JSON", { cause });
  }
}

function placeOf(place: unknown): RecordsToDelete {
  if (typeof place === "object" && place !== null) {
    for (const name of ["topic", "partition", "offset"]) {
      if (!(name in place)) throw new ToolFailure(`No such field exists: \`${name}\``);
    }
    if ("topic" in place && "partition" in place && "offset" in place) {
      const { topic, partition, offset } = place;
      if (typeof topic === "string" && isWhole(partition) && isWhole(offset)) {
        return { topic, partition, beforeOffset: BigInt(offset) };
      }
    }
  }
  throw new ToolFailure(`Expected a topic, a partition and an offset: ${JSON.stringify(place)}`);
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
