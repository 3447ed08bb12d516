import { ToolUsageError } from "./tool-errors.ts";

/** Kafka's own: a host, perhaps with a protocol or in brackets, and a port. */
const hostAndPort = /^(?:[A-Z_]+:\/\/)?\[?[\w.%:-]*\]?:\d+$/i;

/** Checks the addresses of brokers before anything else. @throws ToolUsageError */
export function checkBootstrapServers(text: string | undefined): string {
  if (text === undefined || text.trim() === "") {
    throw new ToolUsageError("Error while validating the bootstrap address\n");
  }
  const parts = text.split(",");
  if (parts.every((part) => hostAndPort.test(part))) return text;
  throw new ToolUsageError("Please provide valid host:port like host1:9091,host2:9092\n");
}
