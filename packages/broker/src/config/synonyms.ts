/**
 * The names of a broker's configuration that stand for one thing, the strongest first.
 * Example: `log.retention.hours` → ms, minutes, hours.
 */
export function brokerSynonyms(name: string): readonly string[] {
  return synonymsByName.get(name) ?? [name];
}

const synonymGroups: readonly (readonly string[])[] = [
  ["log.roll.ms", "log.roll.hours"],
  ["log.roll.jitter.ms", "log.roll.jitter.hours"],
  ["log.retention.ms", "log.retention.minutes", "log.retention.hours"],
];

const synonymsByName: ReadonlyMap<string, readonly string[]> = new Map([
  ...synonymGroups.flatMap((group) => group.map((name) => [name, group] as const)),
  // The scheduler's interval is the default of the flush interval, and not the other way about.
  ["log.flush.interval.ms", ["log.flush.interval.ms", "log.flush.scheduler.interval.ms"]],
]);

/**
 * The broker's configuration that a topic's configuration takes its default from, the strongest
 * name where there are several; `undefined` for the few that only topics have.
 */
export function brokerSynonymOfTopicKey(name: string): string | undefined {
  return topicKeySynonyms.get(name);
}

const topicKeySynonyms: ReadonlyMap<string, string> = new Map([
  ["segment.bytes", "log.segment.bytes"],
  ["segment.ms", "log.roll.ms"],
  ["segment.jitter.ms", "log.roll.jitter.ms"],
  ["segment.index.bytes", "log.index.size.max.bytes"],
  ["flush.messages", "log.flush.interval.messages"],
  ["flush.ms", "log.flush.interval.ms"],
  ["retention.bytes", "log.retention.bytes"],
  ["retention.ms", "log.retention.ms"],
  ["max.message.bytes", "message.max.bytes"],
  ["index.interval.bytes", "log.index.interval.bytes"],
  ["delete.retention.ms", "log.cleaner.delete.retention.ms"],
  ["min.compaction.lag.ms", "log.cleaner.min.compaction.lag.ms"],
  ["max.compaction.lag.ms", "log.cleaner.max.compaction.lag.ms"],
  ["file.delete.delay.ms", "log.segment.delete.delay.ms"],
  ["min.cleanable.dirty.ratio", "log.cleaner.min.cleanable.ratio"],
  ["cleanup.policy", "log.cleanup.policy"],
  ["unclean.leader.election.enable", "unclean.leader.election.enable"],
  ["min.insync.replicas", "min.insync.replicas"],
  ["compression.type", "compression.type"],
  ["compression.gzip.level", "compression.gzip.level"],
  ["compression.lz4.level", "compression.lz4.level"],
  ["compression.zstd.level", "compression.zstd.level"],
  ["preallocate", "log.preallocate"],
  ["message.timestamp.type", "log.message.timestamp.type"],
  ["message.timestamp.before.max.ms", "log.message.timestamp.before.max.ms"],
  ["message.timestamp.after.max.ms", "log.message.timestamp.after.max.ms"],
  ["local.retention.ms", "log.local.retention.ms"],
  ["local.retention.bytes", "log.local.retention.bytes"],
]);
