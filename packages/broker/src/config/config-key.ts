import type { ParsedValue, Validator } from "./validator.ts";

/** A configuration as Kafka describes it, and what Millrace does with it. */
export interface ConfigKey<Value = ConfigFieldValue> {
  readonly type: ConfigType;
  /** The value when nobody gives one; `null` when there is none. */
  readonly defaultValue: ParsedValue | null;
  readonly validator: Validator | undefined;
  readonly importance: Importance;
  readonly updateMode: UpdateMode;
  /** Kafka does not show it: it is for its own tests and emergencies. */
  readonly isInternal: boolean;
  /** One sentence for DescribeConfigs and docs/configuration.md. */
  readonly documentation: string;
  readonly status: KeyStatus;
  /** Never set: carries the type of the field in BrokerConfig. */
  readonly fieldType?: Value;
}

/** Kafka's configuration types. */
export type ConfigType =
  | "boolean"
  | "class"
  | "double"
  | "int"
  | "list"
  | "long"
  | "password"
  | "short"
  | "string";

/** How much a configuration matters, in Kafka's words. */
export type Importance = "high" | "medium" | "low";

/** Whether and how widely a running broker takes a new value (KIP-226). */
export type UpdateMode = "read-only" | "per-broker" | "cluster-wide";

/** A field of BrokerConfig: a long is a number, saturated at the largest safe integer. */
export type ConfigFieldValue = boolean | number | string | readonly string[] | null;

/** What Millrace does with a configuration that somebody sets. */
export type KeyStatus =
  /** The broker does what it says. */
  | { readonly kind: "acts" }
  /** Any valid value is taken and changes nothing, for the reason given. */
  | { readonly kind: "accepted"; readonly reason: string }
  /** Start fails unless the value is one of `allowed`, which promise nothing that is not built. */
  | { readonly kind: "refused"; readonly allowed: readonly string[]; readonly reason: string };

/** What a configuration has beside its default and documentation. */
export interface KeyTraits {
  readonly importance: Importance;
  readonly status: KeyStatus;
  readonly validator?: Validator;
  /** `read-only` unless told. */
  readonly updateMode?: UpdateMode;
  readonly isInternal?: true;
}

/** The largest 64-bit number: Kafka's "without limit". */
export const LONG_MAX = 9_223_372_036_854_775_807n;

/** Configurations by name. */
export type KeyTable = Readonly<Record<string, ConfigKey>>;

/** The broker does what the configuration says. */
export const acts: KeyStatus = { kind: "acts" };

/** Taken, shown, and without effect; `reason` completes "has no effect: …". */
export function accepted(reason: string): KeyStatus {
  return { kind: "accepted", reason };
}

/** Refused at start unless the value is one of `allowed`; `reason` completes "refused: …". */
export function refusedUnless(allowed: readonly string[], reason: string): KeyStatus {
  return { kind: "refused", allowed, reason };
}

type OrNull<Default, Value> = Default extends null ? Value | null : Value;

/** A yes or no. */
export function boolean(
  defaultValue: boolean,
  traits: KeyTraits,
  documentation: string,
): ConfigKey<boolean> {
  return key("boolean", defaultValue, traits, documentation);
}

/** A number of 32 bits. */
export function int<Default extends number | null>(
  defaultValue: Default,
  traits: KeyTraits,
  documentation: string,
): ConfigKey<OrNull<Default, number>> {
  return key("int", defaultValue, traits, documentation);
}

/** A number of 16 bits. */
export function short(
  defaultValue: number,
  traits: KeyTraits,
  documentation: string,
): ConfigKey<number> {
  return key("short", defaultValue, traits, documentation);
}

/** A number of 64 bits; a field holds it saturated at the largest safe integer. */
export function long<Default extends number | bigint | null>(
  defaultValue: Default,
  traits: KeyTraits,
  documentation: string,
): ConfigKey<OrNull<Default, number>> {
  const exact = defaultValue === null ? null : BigInt(defaultValue);
  return key("long", exact, traits, documentation);
}

/** A number with a fraction. */
export function double(
  defaultValue: number,
  traits: KeyTraits,
  documentation: string,
): ConfigKey<number> {
  return key("double", defaultValue, traits, documentation);
}

/** Text. */
export function string<Default extends string | null>(
  defaultValue: Default,
  traits: KeyTraits,
  documentation: string,
): ConfigKey<OrNull<Default, string>> {
  return key("string", defaultValue, traits, documentation);
}

/** The name of a Java class: nothing that Millrace can load, so never more than a word. */
export function className<Default extends string | null>(
  defaultValue: Default,
  traits: KeyTraits,
  documentation: string,
): ConfigKey<OrNull<Default, string>> {
  return key("class", defaultValue, traits, documentation);
}

/** Text that is never shown. */
export function password(traits: KeyTraits, documentation: string): ConfigKey<string | null> {
  return key("password", null, traits, documentation);
}

/** Words separated by commas. */
export function list<Default extends readonly string[] | null>(
  defaultValue: Default,
  traits: KeyTraits,
  documentation: string,
): ConfigKey<OrNull<Default, readonly string[]>> {
  return key("list", defaultValue, traits, documentation);
}

/** Whether the value must never be shown. */
export function isSensitive(configKey: ConfigKey): boolean {
  return configKey.type === "password";
}

function key(
  type: ConfigType,
  defaultValue: ParsedValue | null,
  traits: KeyTraits,
  documentation: string,
): ConfigKey<never> {
  return {
    type,
    defaultValue,
    validator: traits.validator,
    importance: traits.importance,
    updateMode: traits.updateMode ?? "read-only",
    isInternal: traits.isInternal ?? false,
    documentation,
    status: traits.status,
  };
}
