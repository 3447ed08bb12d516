import type { ProducerOptions } from "@millrace/client";
import { ToolFailure } from "./tool-errors.ts";

type Options = ProducerOptions;

const wholeNumbers: readonly (readonly [string, keyof Options])[] = [
  ["linger.ms", "lingerMs"],
  ["batch.size", "batchSize"],
  ["buffer.memory", "bufferMemory"],
  ["max.request.size", "maxRequestSize"],
  ["max.in.flight.requests.per.connection", "maxInFlight"],
  ["delivery.timeout.ms", "deliveryTimeoutMs"],
  ["max.block.ms", "maxBlockMs"],
  ["retries", "retries"],
  ["transaction.timeout.ms", "transactionTimeoutMs"],
  ["request.timeout.ms", "requestTimeoutMs"],
  ["retry.backoff.ms", "retryBackoffMs"],
];

const codecs = ["none", "gzip", "snappy", "lz4", "zstd"] as const;

/**
 * Reads a producer's properties by Java's names; what it does not know is left out, as Java does.
 * @throws ToolFailure
 */
export function producerOptions(properties: Readonly<Record<string, string>>): ProducerOptions {
  const numbers = wholeNumbers.flatMap(([name, option]) => {
    const text = properties[name];
    return text === undefined ? [] : [[option, numberOf(name, text)] as const];
  });
  const idempotence = properties["enable.idempotence"];
  const transactionalId = properties["transactional.id"];
  return {
    ...Object.fromEntries(numbers),
    ...(properties["acks"] === undefined ? {} : { acks: acksOf(properties["acks"]) }),
    compression: compressionOf(properties["compression.type"] ?? "none"),
    ...(idempotence === undefined ? {} : { enableIdempotence: idempotence === "true" }),
    ...(transactionalId === undefined ? {} : { transactionalId }),
  };
}

function numberOf(name: string, text: string): number {
  if (/^-?\d+$/.test(text.trim())) return Number(text);
  const said = `Invalid value ${text} for configuration ${name}: Not a number of type INT`;
  throw new ToolFailure(said);
}

function acksOf(text: string): "all" | 0 | 1 {
  if (text === "all" || text === "-1") return "all";
  if (text === "0") return 0;
  if (text === "1") return 1;
  throw new ToolFailure(
    `Invalid value ${text} for configuration acks: String must be one of: all, -1, 0, 1`,
  );
}

function compressionOf(text: string): (typeof codecs)[number] {
  const found = codecs.find((codec) => codec === text.toLowerCase());
  if (found !== undefined) return found;
  throw new ToolFailure(
    `Invalid value ${text} for configuration compression.type: ` +
      `String must be one of: ${codecs.join(", ")}`,
  );
}
