import type { ConfigKey, ConfigType } from "../config-key.ts";
import { isSensitive } from "../config-key.ts";

/** One configuration in the form of DescribeConfigs' answer. */
export interface DescribedConfig {
  readonly name: string;
  /** `null` when there is none, or when it must not be shown. */
  readonly value: string | null;
  readonly readOnly: boolean;
  /** Version 0 only, which Kafka 4 no longer serves; kept with its meaning. */
  readonly isDefault: boolean;
  readonly configSource: number;
  readonly isSensitive: boolean;
  readonly synonyms: readonly DescribedSynonym[];
  readonly configType: number;
  readonly documentation: string | null;
}

/** Where else a value stands, the strongest first. */
export interface DescribedSynonym {
  readonly name: string;
  readonly value: string | null;
  readonly source: number;
}

/** What a client wants to know. */
export interface DescribeOptions {
  /** The names to describe; all of them when null or empty. */
  readonly configurationKeys: readonly string[] | null;
  readonly includeSynonyms: boolean;
  readonly includeDocumentation: boolean;
}

/** Kafka's numbers of the places where a value may come from. */
export const configSourceIds = {
  DYNAMIC_TOPIC_CONFIG: 1,
  DYNAMIC_BROKER_CONFIG: 2,
  DYNAMIC_DEFAULT_BROKER_CONFIG: 3,
  STATIC_BROKER_CONFIG: 4,
  DEFAULT_CONFIG: 5,
  DYNAMIC_BROKER_LOGGER_CONFIG: 6,
  CLIENT_METRICS_CONFIG: 7,
  GROUP_CONFIG: 8,
} as const;

/** Kafka's numbers of types. */
export const configTypeIds = {
  unknown: 0,
  boolean: 1,
  string: 2,
  int: 3,
  short: 4,
  long: 5,
  double: 6,
  list: 7,
  class: 8,
  password: 9,
} as const satisfies Record<ConfigType | "unknown", number>;

/** What is known of one configuration before the client's wishes are applied. */
export interface ConfigDescription {
  readonly name: string;
  readonly configKey: ConfigKey;
  /** The value in force, as Kafka writes it. */
  readonly value: string | null;
  readonly readOnly: boolean;
  readonly synonyms: readonly DescribedSynonym[];
  /** The source when there are no synonyms to take it from: DEFAULT_CONFIG unless told. */
  readonly source?: number;
}

/** Shapes a configuration's answer: hides what is secret, leaves out what was not asked for. */
export function describeConfig(
  description: ConfigDescription,
  options: DescribeOptions,
): DescribedConfig {
  const { name, configKey, synonyms } = description;
  const hidden = isSensitive(configKey);
  const strongest = description.source ?? synonyms[0]?.source;
  const configSource = strongest ?? configSourceIds.DEFAULT_CONFIG;
  return {
    name,
    value: hidden ? null : description.value,
    readOnly: description.readOnly,
    isDefault: configSource === configSourceIds.DEFAULT_CONFIG,
    configSource,
    isSensitive: hidden,
    synonyms: options.includeSynonyms
      ? synonyms.map((synonym) => (hidden ? { ...synonym, value: null } : synonym))
      : [],
    configType: configTypeIds[configKey.type],
    documentation: options.includeDocumentation ? configKey.documentation : null,
  };
}

/** Leaves the names that were asked for; all of them when none was. */
export function wantedNames(names: Iterable<string>, options: DescribeOptions): readonly string[] {
  const wanted = options.configurationKeys;
  const all = [...names];
  if (wanted === null || wanted.length === 0) return all;
  const asked = new Set(wanted);
  return all.filter((name) => asked.has(name));
}
