import { parseScramUsers } from "../security/scram-users.ts";
import { type ConfigContext, report } from "./config-context.ts";

/** Reports values that are right by themselves and cannot be right together. */
export function checkCombinations(context: ConfigContext): void {
  checkRoles(context);
  checkVoters(context);
  checkNodeId(context);
  checkOrders(context);
  checkMetadataDirectory(context);
  checkRetention(context);
  checkCleaner(context);
  checkConnections(context);
  checkScramUsers(context);
  checkGroupProtocols(context);
}

/** One node is broker and controller in one. */
function checkRoles(context: ConfigContext): void {
  const roles = context.fields.processRoles;
  if (roles.length === 2) return;
  const missing = roles.includes("broker") ? "controller" : "broker";
  const given = `process.roles=${roles.join(",")} leaves out ${missing}`;
  const advice = "a node on its own has both: set process.roles=broker,controller";
  report(context, "process.roles", `${given}; ${advice}`);
}

function checkVoters(context: ConfigContext): void {
  const key = "controller.quorum.voters";
  const voters = context.fields.controllerQuorumVoters;
  if (voters.length > 1) {
    const alone = `name node ${context.fields.nodeId} alone, or leave it out`;
    const advice = `a quorum of several is not built: ${alone}`;
    report(context, key, `${key} names ${voters.length} controllers; ${advice}`);
    return;
  }
  for (const voter of voters) {
    const [, id] = /^(\d+)@[^@\s]+:\d+$/.exec(voter) ?? [];
    if (id === undefined) {
      report(context, key, `${key} has ${voter}; expected id@host:port, such as 1@localhost:9093`);
    } else if (Number(id) !== context.fields.nodeId) {
      const own = `this node is ${context.fields.nodeId} (node.id)`;
      report(context, key, `${key} names controller ${id}, but ${own}; they have to agree`);
    }
  }
  const serversKey = "controller.quorum.bootstrap.servers";
  const servers = context.fields.controllerQuorumBootstrapServers;
  if (servers.length > 1) {
    const advice = "a quorum of several is not built: name this node's own controller listener";
    report(context, serversKey, `${serversKey} names ${servers.length} controllers; ${advice}`);
  }
  for (const server of servers) {
    if (/^[^\s:]+:\d+$|^\[[0-9a-fA-F:]+\]:\d+$/.test(server)) continue;
    const expected = "expected host:port, such as localhost:9093";
    report(context, serversKey, `${serversKey} has ${server}; ${expected}`);
  }
}

function checkNodeId(context: ConfigContext): void {
  const { brokerId, nodeId } = context.fields;
  if (!context.given.has("broker.id") || !context.given.has("node.id")) return;
  if (brokerId === nodeId) return;
  report(
    context,
    "broker.id",
    `broker.id=${brokerId} and node.id=${nodeId} are the same thing; give node.id alone`,
  );
}

/** Pairs of which the first must not be larger than the second. */
const orders: readonly (readonly [string, string])[] = [
  ["replica.fetch.wait.max.ms", "replica.socket.timeout.ms"],
  ["replica.fetch.wait.max.ms", "replica.lag.time.max.ms"],
  ["log.cleaner.min.compaction.lag.ms", "log.cleaner.max.compaction.lag.ms"],
  ["group.min.session.timeout.ms", "group.max.session.timeout.ms"],
  ["group.share.min.delivery.count.limit", "group.share.delivery.count.limit"],
  ["group.share.delivery.count.limit", "group.share.max.delivery.count.limit"],
  ["group.share.min.record.lock.duration.ms", "group.share.record.lock.duration.ms"],
  ["group.share.record.lock.duration.ms", "group.share.max.record.lock.duration.ms"],
  ["group.share.min.partition.max.record.locks", "group.share.partition.max.record.locks"],
  ["group.share.partition.max.record.locks", "group.share.max.partition.max.record.locks"],
  ["group.streams.num.standby.replicas", "group.streams.max.standby.replicas"],
  ...["consumer", "share", "streams"].flatMap((kind) => groupOrders(`group.${kind}`)),
];

function groupOrders(prefix: string): readonly (readonly [string, string])[] {
  return ["session.timeout.ms", "heartbeat.interval.ms", "assignment.interval.ms"].flatMap(
    (name) => [
      [`${prefix}.min.${name}`, `${prefix}.${name}`] as const,
      [`${prefix}.${name}`, `${prefix}.max.${name}`] as const,
    ],
  );
}

function checkOrders(context: ConfigContext): void {
  for (const [smallerKey, largerKey] of orders) {
    const smaller = context.exactValues.get(smallerKey) ?? null;
    const larger = context.exactValues.get(largerKey) ?? null;
    if (smaller === null || larger === null || smaller <= larger) continue;
    const key = context.given.has(smallerKey) ? smallerKey : largerKey;
    const limit = `${largerKey}=${String(larger)}; expected it to be at most that`;
    report(context, key, `${smallerKey}=${String(smaller)} is larger than ${limit}`);
  }
}

function checkMetadataDirectory(context: ConfigContext): void {
  const { metadataLogDir, logDirs, logDir } = context.fields;
  const directories = logDirs ?? logDir;
  if (metadataLogDir === null || directories.includes(metadataLogDir)) return;
  const key = "metadata.log.dir";
  const known = directories.join(", ");
  report(context, key, `${key}=${metadataLogDir} is not in log.dirs; expected one of ${known}`);
}

function checkRetention(context: ConfigContext): void {
  const { fields } = context;
  const retentions: readonly (readonly [string, number | null])[] = [
    ["log.retention.ms", fields.logRetentionMs],
    ["log.retention.minutes", fields.logRetentionMinutes],
    ["log.retention.hours", fields.logRetentionHours],
  ];
  for (const [key, value] of retentions) {
    if (value === null || value >= 1 || value === -1) continue;
    report(context, key, `${key}=${value} is not valid: expected -1 for ever, or at least 1`);
  }
  if (fields.logRollMs !== null && fields.logRollMs < 1) {
    report(context, "log.roll.ms", `log.roll.ms=${fields.logRollMs}: expected at least 1`);
  }
  if (fields.logRollJitterMs !== null && fields.logRollJitterMs < 0) {
    report(context, "log.roll.jitter.ms", "log.roll.jitter.ms is negative; expected at least 0");
  }
}

function checkCleaner(context: ConfigContext): void {
  const { logCleanerDedupeBufferSize, logCleanerThreads } = context.fields;
  if (logCleanerThreads === 0) return;
  if (logCleanerDedupeBufferSize / logCleanerThreads > 1_048_576) return;
  const key = "log.cleaner.dedupe.buffer.size";
  const each = `each of ${logCleanerThreads} cleaners needs more than 1 MiB`;
  report(context, key, `${key}=${logCleanerDedupeBufferSize} is too small: ${each}`);
}

/** As in Kafka: classic groups are always served; share groups are the feature share.version's. */
function checkGroupProtocols(context: ConfigContext): void {
  const key = "group.coordinator.rebalance.protocols";
  const protocols = context.fields.groupCoordinatorRebalanceProtocols;
  if (protocols.some((name) => name.toLowerCase() === "classic")) return;
  report(context, key, `${key}=${protocols.join(",")} leaves out classic, which cannot be off`);
}

function checkScramUsers(context: ConfigContext): void {
  const key = "millrace.scram.users";
  const outcome = parseScramUsers(context.fields.millraceScramUsers ?? "");
  if (!outcome.ok) report(context, key, `${key} is not valid: ${outcome.reason}`);
}

function checkConnections(context: ConfigContext): void {
  const { fields } = context;
  if (
    fields.queuedMaxRequestBytes > 0 &&
    fields.queuedMaxRequestBytes < fields.socketRequestMaxBytes
  ) {
    const key = "queued.max.request.bytes";
    const largest = `socket.request.max.bytes=${fields.socketRequestMaxBytes}`;
    report(context, key, `${key}=${fields.queuedMaxRequestBytes} has no room for ${largest}`);
  }
  if (fields.maxConnectionsPerIp === 0 && fields.maxConnectionsPerIpOverrides === "") {
    const key = "max.connections.per.ip";
    const advice = "name those who may connect in max.connections.per.ip.overrides";
    report(context, key, `${key}=0 lets nobody connect; ${advice}`);
  }
  const idleMs = fields.connectionsMaxIdleMs;
  if (idleMs >= 0 && fields.connectionFailedAuthenticationDelayMs >= idleMs) {
    const key = "connection.failed.authentication.delay.ms";
    const delay = `${key}=${fields.connectionFailedAuthenticationDelayMs}`;
    report(context, key, `${delay} is not less than connections.max.idle.ms=${idleMs}`);
  }
}
