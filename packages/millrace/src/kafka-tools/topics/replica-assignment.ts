import { ToolFailure } from "../tool-errors.ts";

/**
 * Reads `0:1,1:2`: the brokers of each partition from 0 on.
 * @throws ToolFailure in the words of Kafka's tool.
 */
export function parseReplicaAssignment(text: string): readonly (readonly number[])[] {
  const partitions = text.split(",").map((one) => one.split(":").map((id) => brokerId(id.trim())));
  for (const [index, brokers] of partitions.entries()) {
    const doubled = brokers.filter((id, at) => brokers.indexOf(id) < at);
    if (doubled.length > 0) {
      const said = "Partition replica lists may not contain duplicate entries: ";
      throw new ToolFailure(`${said}${[...new Set(doubled)].join(",")}`);
    }
    if (brokers.length !== partitions[0]?.length) {
      const listed = brokers.join(", ");
      throw new ToolFailure(`Partition ${index} has different replication factor: [${listed}]`);
    }
  }
  return partitions;
}

function brokerId(text: string): number {
  if (/^[+-]?\d+$/.test(text)) return Number(text);
  throw new ToolFailure(`For input string: "${text}"`);
}
