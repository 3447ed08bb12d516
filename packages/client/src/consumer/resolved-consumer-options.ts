import { DECOMPRESSED_SIZE_BYTES_MAX } from "@millrace/protocol";
import { KafkaError } from "../errors/kafka-error.ts";
import type { PartitionAssignor } from "../group/membership.ts";
import { checkChoice } from "../options/check-choice.ts";
import { checkKeys } from "../options/check-keys.ts";
import type { ResolvedClientOptions } from "../options/resolved-options.ts";
import type { Deserializer } from "../serdes/serde.ts";
import type { ConsumerOptions } from "./consumer-options.ts";

const mebibyte = 1024 * 1024;

/** Java's defaults (ConsumerConfig), and ours where Java has no such option. */
const defaults = {
  groupProtocol: "auto",
  offsetReset: "latest",
  autoCommit: true,
  isolation: "read_uncommitted",
  unreadable: "fail",
  maxPollIntervalMs: 300_000,
  maxPollRecords: 500,
  sessionTimeoutMs: 45_000,
  heartbeatIntervalMs: 3_000,
  excludeInternalTopics: true,
  allowAutoCreateTopics: true,
  fetchMinBytes: 1,
  fetchMaxBytes: 50 * mebibyte,
  fetchMaxWaitMs: 500,
  maxPartitionFetchBytes: mebibyte,
  fetchBufferBytes: 64 * mebibyte,
  decompressedBytesMax: DECOMPRESSED_SIZE_BYTES_MAX,
  checkCrcs: true,
} as const satisfies ConsumerOptions;

const assignorsDefault: readonly PartitionAssignor[] = ["range", "cooperative-sticky"];
const commitIntervalMsDefault = 5_000;

const otherKeys = [
  "groupId",
  "groupInstanceId",
  "key",
  "value",
  "partitionAssignors",
  "groupRemoteAssignor",
  "clientRack",
  "defaultApiTimeoutMs",
];
const knownKeys: ReadonlySet<string> = new Set([...Object.keys(defaults), ...otherKeys]);

/** Numbers that have to be more than 0. */
const positiveKeys = [
  "maxPollIntervalMs",
  "maxPollRecords",
  "sessionTimeoutMs",
  "heartbeatIntervalMs",
  "maxPartitionFetchBytes",
  "fetchMaxBytes",
  "fetchBufferBytes",
  "decompressedBytesMax",
  "defaultApiTimeoutMs",
] as const;

/** Numbers that may be 0. */
const countKeys = ["fetchMinBytes", "fetchMaxWaitMs"] as const;

/** The options with every default filled in. */
export interface ResolvedConsumerOptions
  extends Required<
    Omit<
      ConsumerOptions<unknown, unknown>,
      "groupId" | "groupInstanceId" | "key" | "value" | "groupRemoteAssignor" | "autoCommit"
    >
  > {
  readonly groupId: string | undefined;
  readonly groupInstanceId: string | undefined;
  readonly key: Deserializer<unknown> | undefined;
  readonly value: Deserializer<unknown> | undefined;
  readonly groupRemoteAssignor: string | undefined;
  /** How often finished offsets are committed; undefined: never by itself. */
  readonly autoCommitIntervalMs: number | undefined;
}

/**
 * Checks options and fills in defaults.
 * @throws KafkaError INVALID_OPTION naming the option
 */
export function resolveConsumerOptions<K, V>(
  given: ConsumerOptions<K, V>,
  client: Pick<ResolvedClientOptions, "clientRack" | "defaultApiTimeoutMs">,
): ResolvedConsumerOptions {
  checkKeys(given, knownKeys, "consumer");
  const { autoCommit, ...plain } = given;
  const chosen: ConsumerOptions<K, V> = Object.fromEntries(
    Object.entries(plain).filter(([, value]) => value !== undefined),
  );
  const resolved = {
    ...defaults,
    ...chosen,
    groupId: chosen.groupId,
    groupInstanceId: chosen.groupInstanceId,
    key: chosen.key,
    value: chosen.value,
    groupRemoteAssignor: chosen.groupRemoteAssignor,
    partitionAssignors: chosen.partitionAssignors ?? assignorsDefault,
    clientRack: chosen.clientRack ?? client.clientRack ?? "",
    defaultApiTimeoutMs: chosen.defaultApiTimeoutMs ?? client.defaultApiTimeoutMs,
    autoCommitIntervalMs: commitIntervalOf(autoCommit ?? true, chosen.groupId),
  };
  for (const key of positiveKeys) checkNumber(key, resolved[key], 1);
  for (const key of countKeys) checkNumber(key, resolved[key], 0);
  checkReset(resolved.offsetReset);
  checkChoices(resolved);
  checkGroup(resolved);
  checkProtocol(given);
  return resolved;
}

function commitIntervalOf(
  autoCommit: boolean | { readonly intervalMs: number },
  groupId: string | undefined,
): number | undefined {
  if (typeof autoCommit !== "object") checkChoice("autoCommit", autoCommit, [true, false]);
  if (autoCommit === false || groupId === undefined) return undefined;
  if (autoCommit === true) return commitIntervalMsDefault;
  checkNumber("autoCommit.intervalMs", autoCommit.intervalMs, 1);
  return autoCommit.intervalMs;
}

function checkNumber(name: string, value: unknown, min: number): void {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= min) return;
  throw invalid(`${name} is ${String(value)}`, `Give a whole number, ${min} or more.`);
}

function checkReset(reset: unknown): void {
  if (reset === "earliest" || reset === "latest" || reset === "none") return;
  if (typeof reset === "object" && reset !== null && "by" in reset) {
    checkNumber("offsetReset.by", reset.by, 0);
    return;
  }
  const hint = 'Give "earliest", "latest", "none" or { by: milliseconds }.';
  throw invalid(`offsetReset is ${String(reset)}`, hint);
}

function checkChoices(options: ResolvedConsumerOptions): void {
  const { isolation, groupProtocol, unreadable, key, value } = options;
  checkChoice("isolation", isolation, ["read_uncommitted", "read_committed"]);
  checkChoice("groupProtocol", groupProtocol, ["auto", "classic", "consumer"]);
  if (typeof unreadable !== "object")
    checkChoice("unreadable", unreadable, ["fail", "skip", "raw"]);
  for (const [name, serde] of Object.entries({ key, value })) {
    if (serde === undefined || typeof serde.deserialize === "function") continue;
    throw invalid(`${name} is no deserializer`, "Give one as string, json() or buffer.");
  }
}

/** What the coordinator decides in KIP-848; Java refuses it, too. */
const classicKeys = ["sessionTimeoutMs", "heartbeatIntervalMs", "partitionAssignors"] as const;

function checkProtocol<K, V>(given: ConsumerOptions<K, V>): void {
  const useless = classicKeys.find((key) => given[key] !== undefined);
  if (given.groupProtocol !== "consumer" || useless === undefined) return;
  const hint = "The group's configuration on the brokers says it.";
  throw invalid(`${useless} has no effect with groupProtocol "consumer"`, hint);
}

function checkGroup(options: ResolvedConsumerOptions): void {
  const { groupId, groupInstanceId, heartbeatIntervalMs, sessionTimeoutMs } = options;
  if (groupId?.trim() === "") throw invalid("groupId is empty", "Leave it out for no group.");
  if (groupInstanceId !== undefined && groupId === undefined) {
    throw invalid("groupInstanceId is given without groupId", "Give groupId, too.");
  }
  if (groupInstanceId === "") throw invalid("groupInstanceId is empty", "Leave it out.");
  if (heartbeatIntervalMs >= sessionTimeoutMs) {
    const hint = "Make the interval a third of the time-out or less.";
    throw invalid("heartbeatIntervalMs is not less than sessionTimeoutMs", hint);
  }
}

function invalid(what: string, hint: string): KafkaError {
  return new KafkaError("INVALID_OPTION", what, { hint });
}
