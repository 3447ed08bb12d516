import type { BrokerConfigFields } from "./broker-config.ts";
import { camelCase } from "./broker-config.ts";
import { brokerKeys, findBrokerKey } from "./broker-keys.ts";
import type { ConfigFieldValue, ConfigKey } from "./config-key.ts";
import { parseConfigValue } from "./config-value.ts";
import type { ConfigProblem } from "./configuration-error.ts";
import type { GivenConfigs } from "./given-configs.ts";
import type { ParsedValue } from "./validator.ts";

/** Every configuration, once with all 64 bits of a long and once as fields of BrokerConfig. */
export interface ParsedConfigs {
  readonly exactValues: ReadonlyMap<string, ParsedValue | null>;
  readonly fields: BrokerConfigFields;
}

/**
 * Parses everything that was given and takes defaults for the rest, so that what is found wrong
 * is found at once. A value that cannot be parsed is reported, and its default stands in.
 */
export function parseConfigs(given: GivenConfigs, problems: ConfigProblem[]): ParsedConfigs {
  const values = new Map<string, ParsedValue | null>();
  for (const [name, configKey] of Object.entries(brokerKeys)) {
    values.set(name, parseOne(name, configKey, { given, problems }));
  }
  return { exactValues: values, fields: toFields(values) };
}

/** A message that says what a value is and what is expected instead. */
export function invalidValueMessage(name: string, text: string, expected: string): string {
  const sensitive = findBrokerKey(name)?.type === "password";
  return `${name}=${sensitive ? "[hidden]" : text} is not valid: expected ${expected}`;
}

function parseOne(
  name: string,
  configKey: ConfigKey,
  context: { readonly given: GivenConfigs; readonly problems: ConfigProblem[] },
): ParsedValue | null {
  const given = context.given.get(name);
  if (given === undefined) return configKey.defaultValue;
  const outcome = parseConfigValue(configKey, given.value);
  if (outcome.ok) return outcome.value;
  const message = invalidValueMessage(name, given.value, outcome.expected);
  context.problems.push({ key: name, origin: given.origin, message });
  return configKey.defaultValue;
}

// The two signatures say what the compiler cannot see: that the table which BrokerConfigFields is
// computed from is the table whose keys and parsers filled the map.
function toFields(values: ReadonlyMap<string, ParsedValue | null>): BrokerConfigFields;
function toFields(values: ReadonlyMap<string, ParsedValue | null>): object {
  const fields: Record<string, ConfigFieldValue> = {};
  for (const [name, value] of values) {
    fields[camelCase(name)] = typeof value === "bigint" ? saturate(value) : value;
  }
  return fields;
}

/** Kafka's Long.MAX_VALUE means without limit; the largest safe integer does so here. */
export function saturate(value: bigint): number {
  const limit = BigInt(Number.MAX_SAFE_INTEGER);
  if (value > limit) return Number.MAX_SAFE_INTEGER;
  return value < -limit ? -Number.MAX_SAFE_INTEGER : Number(value);
}
