import { parseProperties } from "@millrace/platform";
import { authorizerKeys } from "./authorizer-keys.ts";
import { findBrokerKey } from "./broker-keys.ts";
import type { BrokerConfig } from "./broker-config.ts";
import { checkKnown, type ConfigNotice } from "./check-known.ts";
import { type ConfigProblem, ConfigurationError } from "./configuration-error.ts";
import { readEnvironment } from "./environment.ts";
import type { GivenConfig, GivenConfigs } from "./given-configs.ts";
import { baseNameOfListenerKey } from "./other-keys.ts";
import { resolveBrokerConfig } from "./resolve-broker-config.ts";

/** Where configurations come from; what stands further down wins. */
export interface ConfigSources {
  /** A properties file, read by the caller. */
  readonly file?: { readonly path: string; readonly text: string } | undefined;
  /** The process environment: KAFKA_… and MILLRACE_… names. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** `--override key=value`, or what an embedded broker is started with. */
  readonly overrides?: Readonly<Record<string, string>>;
}

/** What a broker starts with. */
export interface LoadedBrokerConfig {
  readonly config: BrokerConfig;
  /** What was given, as DescribeConfigs shows it with source STATIC_BROKER_CONFIG. */
  readonly staticConfigs: GivenConfigs;
  /** What the user should know, to be logged one a line at start. */
  readonly notices: readonly ConfigNotice[];
}

/**
 * Reads a broker's configuration from all its sources and checks all of it.
 * Without a file and without process.roles, what one node needs to start at once is given.
 * @throws ConfigurationError with every problem, each naming file and line, key, value and what is
 * expected.
 */
export function loadBrokerConfig(sources: ConfigSources): LoadedBrokerConfig {
  const problems: ConfigProblem[] = [];
  const notices: ConfigNotice[] = [];
  const environment = sources.environment ?? {};
  const given = new Map<string, GivenConfig>();
  if (sources.file === undefined) addAll(given, quickStart, QUICK_START_ORIGIN);
  else readFile(sources.file, { given, problems, notices });
  for (const { variable, key, value } of readEnvironment(environment)) {
    given.set(key, { value, origin: `environment ${variable}` });
  }
  addAll(given, sources.overrides ?? {}, "--override");
  const byUser = [...given].filter(([, config]) => config.origin !== QUICK_START_ORIGIN);
  checkKnown(new Map(byUser), { problems, notices });
  const known = onlyKnown(given);
  const resolved = resolveBrokerConfig(known, environment["CLUSTER_ID"]);
  problems.push(...resolved.problems);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return { config: resolved.config, staticConfigs: known, notices };
}

/**
 * Reads `key=value` as an `--override` gives it.
 * @throws ConfigurationError when there is no key or no `=`.
 */
export function parseOverride(text: string): { readonly key: string; readonly value: string } {
  const separator = text.indexOf("=");
  if (separator > 0) {
    return { key: text.slice(0, separator).trim(), value: text.slice(separator + 1).trim() };
  }
  const message = `${text} is not an override; expected key=value, such as num.partitions=3`;
  throw new ConfigurationError([{ key: text, origin: "--override", message }]);
}

const QUICK_START_ORIGIN = "start without a file";

/** As in the server.properties that Kafka ships, so that one node serves groups as well. */
const quickStart: Readonly<Record<string, string>> = {
  "process.roles": "broker,controller",
  "node.id": "1",
  "offsets.topic.replication.factor": "1",
  "transaction.state.log.replication.factor": "1",
  "transaction.state.log.min.isr": "1",
  "share.coordinator.state.topic.replication.factor": "1",
  "share.coordinator.state.topic.min.isr": "1",
};

function addAll(
  given: Map<string, GivenConfig>,
  values: Readonly<Record<string, string>>,
  origin: string,
): void {
  for (const [key, value] of Object.entries(values)) given.set(key, { value, origin });
}

interface FileReading {
  readonly given: Map<string, GivenConfig>;
  readonly problems: ConfigProblem[];
  readonly notices: ConfigNotice[];
}

function readFile(file: { readonly path: string; readonly text: string }, reading: FileReading) {
  const content = parseProperties(file.text);
  for (const { lineNumber, message } of content.faults) {
    reading.problems.push({ key: "", origin: `${file.path} line ${lineNumber}`, message });
  }
  for (const { key, value, lineNumber } of content.lines) {
    const origin = `${file.path} line ${lineNumber}`;
    const earlier = reading.given.get(key);
    if (earlier !== undefined) {
      const message = `${key} was given before, in ${earlier.origin}; this one counts`;
      reading.notices.push({ key, origin, message });
    }
    reading.given.set(key, { value, origin });
  }
}

/** Leaves out what nobody reads. */
function onlyKnown(given: GivenConfigs): GivenConfigs {
  return new Map(
    [...given].filter(
      ([name]) =>
        findBrokerKey(name) !== undefined ||
        baseNameOfListenerKey(name) !== undefined ||
        authorizerKeys.has(name),
    ),
  );
}
