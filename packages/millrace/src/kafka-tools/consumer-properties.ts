import type { ConsumerOptions, GroupProtocol, OffsetReset } from "@millrace/client";
import { ToolFailure } from "./tool-errors.ts";

const wholeNumbers: readonly (readonly [string, keyof ConsumerOptions])[] = [
  ["max.poll.interval.ms", "maxPollIntervalMs"],
  ["max.poll.records", "maxPollRecords"],
  ["session.timeout.ms", "sessionTimeoutMs"],
  ["heartbeat.interval.ms", "heartbeatIntervalMs"],
  ["fetch.min.bytes", "fetchMinBytes"],
  ["fetch.max.bytes", "fetchMaxBytes"],
  ["fetch.max.wait.ms", "fetchMaxWaitMs"],
  ["max.partition.fetch.bytes", "maxPartitionFetchBytes"],
];

const flags: readonly (readonly [string, keyof ConsumerOptions])[] = [
  ["exclude.internal.topics", "excludeInternalTopics"],
  ["allow.auto.create.topics", "allowAutoCreateTopics"],
  ["check.crcs", "checkCrcs"],
];

const texts: readonly (readonly [string, keyof ConsumerOptions])[] = [
  ["group.id", "groupId"],
  ["group.instance.id", "groupInstanceId"],
  ["group.remote.assignor", "groupRemoteAssignor"],
  ["client.rack", "clientRack"],
];

/**
 * Reads a consumer's properties by Java's names; what it does not know is left out, as Java does.
 * The group's protocol is Java's default: classic.
 * @throws ToolFailure
 */
export function consumerOptions(properties: Readonly<Record<string, string>>): ConsumerOptions {
  const pick = (
    names: readonly (readonly [string, keyof ConsumerOptions])[],
    read: (name: string, text: string) => unknown,
  ): readonly (readonly [string, unknown])[] =>
    names.flatMap(([name, option]) => {
      const text = properties[name];
      return text === undefined ? [] : [[option, read(name, text)] as const];
    });
  const autoCommitMs = properties["auto.commit.interval.ms"];
  const isAutoCommit = properties["enable.auto.commit"] !== "false";
  const intervalMs = autoCommitMs === undefined ? undefined : Number(autoCommitMs);
  return {
    ...Object.fromEntries([
      ...pick(wholeNumbers, numberOf),
      ...pick(flags, (_name, text) => text === "true"),
      ...pick(texts, (_name, text) => text),
    ]),
    autoCommit: isAutoCommit && intervalMs !== undefined ? { intervalMs } : isAutoCommit,
    groupProtocol: protocolOf(properties["group.protocol"] ?? "classic"),
    offsetReset: resetOf(properties["auto.offset.reset"] ?? "latest"),
    isolation: isolationOf(properties["isolation.level"] ?? "read_uncommitted"),
  };
}

function numberOf(name: string, text: string): number {
  if (/^-?\d+$/.test(text.trim())) return Number(text);
  const said = `Invalid value ${text} for configuration ${name}: Not a number of type INT`;
  throw new ToolFailure(said);
}

function protocolOf(text: string): GroupProtocol {
  const wanted = text.toLowerCase();
  if (wanted === "classic" || wanted === "consumer") return wanted;
  throw oneOf("group.protocol", text, "CONSUMER, CLASSIC");
}

function resetOf(text: string): OffsetReset {
  const wanted = text.toLowerCase();
  if (wanted === "earliest" || wanted === "latest" || wanted === "none") return wanted;
  throw new ToolFailure(
    `Invalid value ${text} for configuration auto.offset.reset: ` +
      "Invalid value `" +
      `${text}\` for configuration auto.offset.reset. The value must be either 'earliest', ` +
      "'latest', 'none' or of the format 'by_duration:<PnDTnHnMn.nS.>'.",
  );
}

function isolationOf(text: string): "read_uncommitted" | "read_committed" {
  const wanted = text.toLowerCase();
  if (wanted === "read_uncommitted" || wanted === "read_committed") return wanted;
  throw oneOf("isolation.level", text, "read_committed, read_uncommitted");
}

function oneOf(name: string, text: string, names: string): ToolFailure {
  const said = `Invalid value ${text} for configuration ${name}: String must be one of: ${names}`;
  return new ToolFailure(said);
}
