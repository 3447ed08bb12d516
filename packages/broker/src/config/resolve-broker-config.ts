import { readAuthorizerConfig } from "./authorizer-config.ts";
import type { BrokerConfig, BrokerConfigFields } from "./broker-config.ts";
import { checkCombinations } from "./combinations.ts";
import { type ConfigContext, report } from "./config-context.ts";
import type { ConfigProblem } from "./configuration-error.ts";
import type { GivenConfigs } from "./given-configs.ts";
import { resolveListeners } from "./listeners.ts";
import { parseConfigs } from "./parse-configs.ts";

/** A snapshot, and everything that is wrong with it; only one without problems may be used. */
export interface ResolvedBrokerConfig {
  readonly config: BrokerConfig;
  readonly problems: readonly ConfigProblem[];
}

/** Computes what a broker runs with from what was given, static and dynamic together. */
export function resolveBrokerConfig(
  given: GivenConfigs,
  clusterId: string | undefined,
): ResolvedBrokerConfig {
  const problems: ConfigProblem[] = [];
  const parsed = parseConfigs(given, problems);
  const fields = withNodeId(parsed.fields, given);
  // Combinations of values that are wrong by themselves would only confuse.
  const isParsed = problems.length === 0;
  const { exactValues } = parsed;
  const context: ConfigContext = { fields, exactValues, given, problems };
  const listeners = resolveListeners(context);
  if (isParsed) checkCombinations(context);
  const logDirs = fields.logDirs ?? fields.logDir;
  const config: BrokerConfig = {
    ...fields,
    ...listeners,
    logDirs,
    metadataLogDir: fields.metadataLogDir ?? logDirs[0] ?? "",
    logRetentionMs: logRetentionMs(fields),
    logRollMs: fields.logRollMs ?? fields.logRollHours * HOUR_MS,
    logRollJitterMs: fields.logRollJitterMs ?? fields.logRollJitterHours * HOUR_MS,
    logFlushIntervalMs: fields.logFlushIntervalMs ?? fields.logFlushSchedulerIntervalMs,
    maxConnectionsPerIpOverrides: readConnectionOverrides(context),
    authorizer: readAuthorizerConfig(context),
    exactValues,
    clusterId,
  };
  return { config, problems };
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** node.id, or its older name. */
function withNodeId(fields: BrokerConfigFields, given: GivenConfigs): BrokerConfigFields {
  if (given.has("node.id") || !given.has("broker.id")) return fields;
  return { ...fields, nodeId: fields.brokerId };
}

function logRetentionMs(fields: BrokerConfigFields): number {
  if (fields.logRetentionMs !== null) return Math.max(fields.logRetentionMs, -1);
  const minutes = fields.logRetentionMinutes;
  const ms = minutes === null ? fields.logRetentionHours * HOUR_MS : minutes * MINUTE_MS;
  return ms < 0 ? -1 : ms;
}

function readConnectionOverrides(context: ConfigContext): ReadonlyMap<string, number> {
  const key = "max.connections.per.ip.overrides";
  const overrides = new Map<string, number>();
  for (const pair of context.fields.maxConnectionsPerIpOverrides.split(/\s*,\s*/)) {
    if (pair === "") continue;
    // The last colon separates the count: an IPv6 address has colons of its own.
    const [, host, count] = /^(\S+):(\d{1,9})$/.exec(pair) ?? [];
    if (host !== undefined && count !== undefined) {
      overrides.set(host.replaceAll(/[[\]]/g, ""), Number(count));
      continue;
    }
    report(context, key, `${key} has ${pair}; expected host:count, such as 10.0.0.7:100`);
  }
  return overrides;
}
