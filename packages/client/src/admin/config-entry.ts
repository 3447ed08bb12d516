/** Where a configuration's value comes from. */
export type ConfigSource =
  | "UNKNOWN"
  | "DYNAMIC_TOPIC_CONFIG"
  | "DYNAMIC_BROKER_CONFIG"
  | "DYNAMIC_DEFAULT_BROKER_CONFIG"
  | "STATIC_BROKER_CONFIG"
  | "DEFAULT_CONFIG"
  | "DYNAMIC_BROKER_LOGGER_CONFIG"
  | "DYNAMIC_CLIENT_METRICS_CONFIG"
  | "DYNAMIC_GROUP_CONFIG";

/** What a configuration's value is. */
export type ConfigType =
  | "UNKNOWN"
  | "BOOLEAN"
  | "STRING"
  | "INT"
  | "SHORT"
  | "LONG"
  | "DOUBLE"
  | "LIST"
  | "CLASS"
  | "PASSWORD";

/** One configuration of a resource. */
export interface ConfigEntry {
  readonly name: string;
  /** Null where it is sensitive, or has none. */
  readonly value: string | null;
  readonly isReadOnly: boolean;
  readonly isSensitive: boolean;
  readonly source: ConfigSource;
  readonly type: ConfigType;
  /** Whether nobody has set it. */
  readonly isDefault: boolean;
  /** All places where it has a value, the strongest first; empty when they were not asked for. */
  readonly synonyms: readonly ConfigSynonym[];
  readonly documentation: string | null;
}

/** A place where a configuration has a value. */
export interface ConfigSynonym {
  readonly name: string;
  readonly value: string | null;
  readonly source: ConfigSource;
}

const sources: readonly ConfigSource[] = [
  "UNKNOWN",
  "DYNAMIC_TOPIC_CONFIG",
  "DYNAMIC_BROKER_CONFIG",
  "DYNAMIC_DEFAULT_BROKER_CONFIG",
  "STATIC_BROKER_CONFIG",
  "DEFAULT_CONFIG",
  "DYNAMIC_BROKER_LOGGER_CONFIG",
  "DYNAMIC_CLIENT_METRICS_CONFIG",
  "DYNAMIC_GROUP_CONFIG",
];

const types: readonly ConfigType[] = [
  "UNKNOWN",
  "BOOLEAN",
  "STRING",
  "INT",
  "SHORT",
  "LONG",
  "DOUBLE",
  "LIST",
  "CLASS",
  "PASSWORD",
];

/** Gives a configuration as an answer has it. */
export function configEntry(entry: {
  readonly name: string;
  readonly value: string | null;
  readonly readOnly: boolean;
  readonly configSource: number;
  readonly isSensitive: boolean;
  readonly configType?: number;
  readonly documentation?: string | null;
  readonly synonyms?: readonly {
    readonly name: string;
    readonly value: string | null;
    readonly source: number;
  }[];
}): ConfigEntry {
  const source = sources[entry.configSource] ?? "UNKNOWN";
  return {
    name: entry.name,
    value: entry.value,
    isReadOnly: entry.readOnly,
    isSensitive: entry.isSensitive,
    source,
    type: types[entry.configType ?? 0] ?? "UNKNOWN",
    isDefault: source === "DEFAULT_CONFIG",
    synonyms: (entry.synonyms ?? []).map((synonym) => ({
      name: synonym.name,
      value: synonym.value,
      source: sources[synonym.source] ?? "UNKNOWN",
    })),
    documentation: entry.documentation ?? null,
  };
}
