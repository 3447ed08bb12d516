import { codecOf, type CompressionName, compressionIds } from "@millrace/protocol";
import { KafkaError } from "../errors/kafka-error.ts";
import { checkChoice } from "../options/check-choice.ts";
import { checkKeys } from "../options/check-keys.ts";
import type { ResolvedClientOptions } from "../options/resolved-options.ts";
import type { Serializer } from "../serdes/serde.ts";
import { IN_FLIGHT_BATCHES_MAX } from "./idempotence/partition-sequences.ts";
import type { PartitionerOption } from "./partitioner/partitioner.ts";

/** What a producer is made with. Names and defaults are Java's unless it is said otherwise. */
export interface ProducerOptions<K = Uint8Array | null, V = Uint8Array | null> {
  /** Writes keys; bytes as they are when not given. */
  readonly key?: Serializer<K>;
  /** Writes values; bytes as they are when not given. */
  readonly value?: Serializer<V>;
  /** Which replicas have a record before it counts as stored; "all". */
  readonly acks?: "all" | -1 | 0 | 1;
  /** Whether retries may neither double nor reorder records; true, unless acks say otherwise. */
  readonly enableIdempotence?: boolean;
  /** "none". */
  readonly compression?: CompressionName | CompressionOptions;
  /**
   * How long records wait for others to share a batch. `auto`: to the end of the turn, and under
   * load for as long as `maxInFlight` requests are on their way. "auto".
   */
  readonly lingerMs?: number | "auto";
  /** A batch is sent when it has so many bytes; 256 KiB (Java: 16 KiB). */
  readonly batchSize?: number;
  /** Bytes of all batches that are not acknowledged; 32 MiB. */
  readonly bufferMemory?: number;
  /** The largest request, and the largest record, in bytes; 1 MiB. */
  readonly maxRequestSize?: number;
  /** Requests that are on their way to one broker at once; 5, with idempotence at most 5. */
  readonly maxInFlight?: number;
  /** From when a record was given until it failed at the latest, retries included; 2 min. */
  readonly deliveryTimeoutMs?: number;
  /** How long a record may wait for metadata and for memory; 60 s. */
  readonly maxBlockMs?: number;
  /** How often a batch is sent again; without end, since `deliveryTimeoutMs` ends it. */
  readonly retries?: number;
  /** "default". */
  readonly partitioner?: PartitionerOption;
  /** Whether the default partitioner takes every record as one without a key; false. */
  readonly partitionerIgnoreKeys?: boolean;
  /** Whether slower partitions get fewer of the records without a key; true. */
  readonly partitionerAdaptivePartitioningEnable?: boolean;
  /**
   * A partition whose broker takes nothing for so long gets no records without a key; 0: it does.
   */
  readonly partitionerAvailabilityTimeoutMs?: number;
  /** Whether a topic may be created by the broker when it does not exist; true. */
  readonly allowAutoCreateTopics?: boolean;
  /** Makes transactions possible, and fences the producer that had it before. */
  readonly transactionalId?: string;
  /** A transaction that is open for longer is aborted by the coordinator; 60 s. */
  readonly transactionTimeoutMs?: number;
  /** Hears of records that were given by `enqueue` and are lost, once for each batch. */
  readonly onError?: (error: KafkaError, lostRecords: number) => void;
  readonly requestTimeoutMs?: number;
  readonly retryBackoffMs?: number;
  readonly retryBackoffMaxMs?: number;
}

/** A codec and how hard it tries. */
export interface CompressionOptions {
  readonly type: CompressionName;
  /** gzip 1 to 9, lz4 1 to 17, zstd -131072 to 22. */
  readonly level?: number | undefined;
}

/** The options with every default filled in. */
export interface ResolvedProducerOptions {
  readonly acks: -1 | 0 | 1;
  readonly isIdempotent: boolean;
  readonly compression: CompressionOptions;
  readonly lingerMs: number | "auto";
  readonly batchSize: number;
  readonly bufferMemory: number;
  readonly maxRequestSize: number;
  readonly maxInFlight: number;
  readonly deliveryTimeoutMs: number;
  readonly maxBlockMs: number;
  readonly retries: number;
  readonly partitioner: PartitionerOption;
  readonly partitionerIgnoreKeys: boolean;
  readonly partitionerAdaptivePartitioningEnable: boolean;
  readonly partitionerAvailabilityTimeoutMs: number;
  readonly allowAutoCreateTopics: boolean;
  readonly transactionalId: string | undefined;
  readonly transactionTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly retryBackoffMs: number;
  readonly retryBackoffMaxMs: number;
}

const minuteMs = 60_000;

const defaults = {
  lingerMs: "auto",
  batchSize: 256 * 1024,
  bufferMemory: 32 * 1024 * 1024,
  maxRequestSize: 1024 * 1024,
  deliveryTimeoutMs: 2 * minuteMs,
  maxBlockMs: minuteMs,
  retries: 0x7fffffff,
  partitioner: "default",
  partitionerIgnoreKeys: false,
  partitionerAdaptivePartitioningEnable: true,
  partitionerAvailabilityTimeoutMs: 0,
  allowAutoCreateTopics: true,
  transactionTimeoutMs: minuteMs,
} as const;

const otherKeys = [
  "key",
  "value",
  "acks",
  "enableIdempotence",
  "compression",
  "maxInFlight",
  "transactionalId",
  "onError",
  "requestTimeoutMs",
  "retryBackoffMs",
  "retryBackoffMaxMs",
];
const knownKeys: ReadonlySet<string> = new Set([...Object.keys(defaults), ...otherKeys]);

/**
 * Checks a producer's options and fills in defaults.
 * @throws KafkaError INVALID_OPTION naming the option
 */
export function resolveProducerOptions<K, V>(
  given: ProducerOptions<K, V>,
  client: ResolvedClientOptions,
): ResolvedProducerOptions {
  checkKeys(given, knownKeys, "producer");
  const { key: _key, value: _value, onError: _onError, ...plain } = given;
  const chosen = Object.fromEntries(
    Object.entries(plain).filter(([, value]) => value !== undefined),
  );
  const requestTimeoutMs = given.requestTimeoutMs ?? client.requestTimeoutMs;
  const options: ResolvedProducerOptions = {
    ...defaults,
    ...chosen,
    ...orderOptions(given),
    compression: compressionOf(given.compression),
    transactionalId: given.transactionalId,
    requestTimeoutMs,
    retryBackoffMs: given.retryBackoffMs ?? client.retryBackoffMs,
    retryBackoffMaxMs: given.retryBackoffMaxMs ?? client.retryBackoffMaxMs,
    deliveryTimeoutMs: deliveryTimeoutOf(given, requestTimeoutMs),
  };
  checkNumbers(options);
  checkParts(given);
  return options;
}

/** Acks, idempotence and requests in flight hang together as in Java's ProducerConfig. */
function orderOptions<K, V>(
  given: ProducerOptions<K, V>,
): Pick<ResolvedProducerOptions, "acks" | "isIdempotent" | "maxInFlight"> {
  const acks = given.acks === "all" || given.acks === undefined ? -1 : given.acks;
  if (acks !== -1 && acks !== 0 && acks !== 1) throw invalid("acks", acks, 'Give "all", 1 or 0.');
  const maxInFlight = given.maxInFlight ?? IN_FLIGHT_BATCHES_MAX;
  const isWanted = given.enableIdempotence === true || given.transactionalId !== undefined;
  const isPossible = acks === -1 && maxInFlight <= IN_FLIGHT_BATCHES_MAX && given.retries !== 0;
  if (isWanted && !isPossible) {
    const why = "idempotence and transactions need acks all, retries and maxInFlight of at most 5";
    throw new KafkaError("INVALID_OPTION", why, { hint: "Leave these options out." });
  }
  if (given.transactionalId !== undefined && given.enableIdempotence === false) {
    throw invalid("enableIdempotence", false, "A transactionalId needs it.");
  }
  const isIdempotent = given.enableIdempotence ?? isPossible;
  return { acks, maxInFlight, isIdempotent };
}

function compressionOf(
  given: CompressionName | CompressionOptions | undefined,
): CompressionOptions {
  const { type, level } = typeof given === "object" ? given : { type: given ?? "none" };
  if (!Object.hasOwn(compressionIds, type)) {
    throw invalid("compression", type, `Give one of ${Object.keys(compressionIds).join(", ")}.`);
  }
  const { levels } = codecOf(type);
  if (level === undefined) return { type };
  if (levels === undefined || !isWithin(level, levels.min, levels.max)) {
    const hint =
      levels === undefined ? `${type} has no levels.` : `Give ${levels.min} to ${levels.max}.`;
    throw invalid("compression.level", level, hint);
  }
  return { type, level };
}

function deliveryTimeoutOf<K, V>(given: ProducerOptions<K, V>, requestTimeoutMs: number): number {
  const lingerMs = typeof given.lingerMs === "number" ? given.lingerMs : 0;
  const least = lingerMs + requestTimeoutMs;
  const { deliveryTimeoutMs } = given;
  if (deliveryTimeoutMs === undefined) return Math.max(defaults.deliveryTimeoutMs, least);
  if (deliveryTimeoutMs >= least) return deliveryTimeoutMs;
  const hint = `Give at least lingerMs plus requestTimeoutMs, ${least} ms.`;
  throw invalid("deliveryTimeoutMs", deliveryTimeoutMs, hint);
}

function checkNumbers(options: ResolvedProducerOptions): void {
  const leasts = {
    batchSize: 1,
    bufferMemory: 1,
    maxRequestSize: 1,
    maxInFlight: 1,
    retries: 0,
    maxBlockMs: 0,
    deliveryTimeoutMs: 0,
    requestTimeoutMs: 0,
    retryBackoffMs: 0,
    retryBackoffMaxMs: 0,
    transactionTimeoutMs: 1,
    partitionerAvailabilityTimeoutMs: 0,
  } as const;
  for (const name of numberNames(leasts)) {
    const least = leasts[name];
    if (isWithin(options[name], least, Number.MAX_SAFE_INTEGER)) continue;
    throw invalid(name, options[name], `Give a number from ${least} on.`);
  }
  const { lingerMs } = options;
  if (lingerMs !== "auto" && !isWithin(lingerMs, 0, Number.MAX_SAFE_INTEGER)) {
    throw invalid("lingerMs", lingerMs, 'Give milliseconds, or "auto".');
  }
}

function checkParts<K, V>({
  key,
  value,
  partitioner,
  transactionalId,
}: ProducerOptions<K, V>): void {
  for (const [name, serde] of Object.entries({ key, value })) {
    if (serde === undefined || typeof serde.serialize === "function") continue;
    throw invalid(name, serde, "Give a serializer as string, json() or buffer.");
  }
  if (transactionalId === "") throw invalid("transactionalId", '""', "Leave it out for none.");
  if (typeof partitioner === "string") {
    checkChoice("partitioner", partitioner, ["default", "round-robin"]);
  }
}

function numberNames<N extends string>(leasts: Readonly<Record<N, number>>): N[] {
  const names: N[] = [];
  for (const name in leasts) names.push(name);
  return names;
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isFinite(value) && value >= least && value <= most;
}

function invalid(name: string, value: unknown, hint: string): KafkaError {
  return new KafkaError("INVALID_OPTION", `the producer's ${name} is ${String(value)}`, { hint });
}
