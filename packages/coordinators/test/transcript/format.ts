import { readAssignment, readSubscription } from "../../src/group/consumer/embedded-protocol.ts";

/** Writes a value on one line, as a reader wants it: maps and bytes by what is in them. */
export function format(value: unknown, key = ""): string {
  if (value instanceof Uint8Array) return formatBytes(value, key);
  if (value instanceof Map) return `{${[...value].map(pair).join(", ")}}`;
  if (value instanceof Set) return `{${[...value].map((item) => format(item)).join(", ")}}`;
  if (Array.isArray(value)) return `[${value.map((item) => format(item, key)).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value)
      .filter(([name]) => name !== "metadataHash")
      .map(([name, field]) => `${name}=${format(field, name)}`);
    return `{${fields.join(" ")}}`;
  }
  return typeof value === "string" && /[\s"]|^$/.test(value)
    ? JSON.stringify(value)
    : String(value);
}

function pair([name, value]: [unknown, unknown]): string {
  return `${String(name)}: ${format(value)}`;
}

function formatBytes(bytes: Uint8Array, key: string): string {
  const text = Buffer.from(bytes).toString();
  if (/^[ -~]*$/.test(text)) return JSON.stringify(text);
  const topics = key === "assignment" ? undefined : readSubscription(bytes)?.topics;
  if (topics !== undefined) return `subscription(${topics.join(",")})`;
  const assigned = readAssignment(bytes)?.assignedPartitions ?? [];
  const shown = assigned.map(({ topic, partitions }) => `${topic}:${partitions.join("+")}`);
  return `assignment(${shown.join(",")})`;
}
