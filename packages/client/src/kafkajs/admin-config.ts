import type { AclBinding, AclFilter } from "../admin/acls.ts";
import type { ConfigEntry as ClientConfigEntry, ConfigSource } from "../admin/config-entry.ts";
import type { ConfigChange, ConfigResourceType } from "../admin/configs.ts";
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  ConfigResourceTypes,
  nameIn,
  ResourcePatternTypes,
} from "./constants.ts";
import { KafkaJSNonRetriableError } from "./errors.ts";

/** An entry of an ACL, by kafkajs's numbers. */
export interface AclEntry {
  readonly principal: string;
  readonly host: string;
  readonly operation: number;
  readonly permissionType: number;
  readonly resourceType: number;
  readonly resourceName: string;
  readonly resourcePatternType: number;
}

/** Which entries are meant. */
export type AclEntryFilter = Omit<AclEntry, "principal" | "host" | "resourceName"> &
  Partial<Pick<AclEntry, "principal" | "host" | "resourceName">>;

/** A resource with configurations. */
export interface ConfigResourceQuery {
  readonly type: number;
  readonly name: string;
  readonly configNames?: readonly string[];
}

/** A resource and what its configurations shall be. */
export interface ResourceConfig {
  readonly type: number;
  readonly name: string;
  readonly configEntries: readonly { readonly name: string; readonly value: string }[];
}

/** A configuration. */
export interface ConfigEntry {
  configName: string;
  configValue: string | null;
  isDefault: boolean;
  configSource: number;
  isSensitive: boolean;
  readOnly: boolean;
  configSynonyms: { configName: string; configValue: string | null; configSource: number }[];
}

const sourceNumbers: Readonly<Record<ConfigSource, number>> = {
  UNKNOWN: 0,
  DYNAMIC_TOPIC_CONFIG: 1,
  DYNAMIC_BROKER_CONFIG: 2,
  DYNAMIC_DEFAULT_BROKER_CONFIG: 3,
  STATIC_BROKER_CONFIG: 4,
  DEFAULT_CONFIG: 5,
  DYNAMIC_BROKER_LOGGER_CONFIG: 6,
  DYNAMIC_CLIENT_METRICS_CONFIG: 7,
  DYNAMIC_GROUP_CONFIG: 8,
};

/** @throws KafkaJSNonRetriableError */
export function resourceTypeOf(type: number): ConfigResourceType {
  if (type === ConfigResourceTypes.TOPIC) return "topic";
  if (type === ConfigResourceTypes.BROKER) return "broker";
  if (type === ConfigResourceTypes.BROKER_LOGGER) return "broker-logger";
  throw new KafkaJSNonRetriableError(`Invalid resource type ${type}`);
}

/** Gives a configuration in kafkajs's shape. */
export function configEntryOf(entry: ClientConfigEntry): ConfigEntry {
  return {
    configName: entry.name,
    configValue: entry.value,
    isDefault: entry.isDefault,
    configSource: sourceNumbers[entry.source],
    isSensitive: entry.isSensitive,
    readOnly: entry.isReadOnly,
    configSynonyms: entry.synonyms.map(({ name, value, source }) => ({
      configName: name,
      configValue: value,
      configSource: sourceNumbers[source],
    })),
  };
}

/**
 * Gives the changes after which a resource has the configurations given and no other of its own:
 * what kafkajs's alterConfigs means.
 */
export function replacementOf(
  current: ReadonlyMap<string, ClientConfigEntry>,
  { type, configEntries }: ResourceConfig,
): ConfigChange[] {
  const wanted = new Set(configEntries.map(({ name }) => name));
  const own: ConfigSource =
    type === ConfigResourceTypes.TOPIC ? "DYNAMIC_TOPIC_CONFIG" : "DYNAMIC_BROKER_CONFIG";
  const gone = [...current.values()].filter(
    ({ name, source }) => source === own && !wanted.has(name),
  );
  return [
    ...configEntries.map(({ name, value }) => ({ name, value, op: "set" as const })),
    ...gone.map(({ name }) => ({ name, op: "delete" as const })),
  ];
}

/** @throws KafkaJSNonRetriableError for a number that means nothing */
export function aclBindingOf(entry: AclEntry): AclBinding {
  const { principal, host, resourceName } = entry;
  return { ...aclKinds(entry), principal, host, resourceName };
}

/** @throws KafkaJSNonRetriableError for a number that means nothing */
export function aclFilterOf({
  principal,
  host,
  resourceName,
  ...kinds
}: AclEntryFilter): AclFilter {
  return {
    ...aclKinds(kinds),
    ...(principal === undefined ? {} : { principal }),
    ...(host === undefined ? {} : { host }),
    ...(resourceName === undefined ? {} : { resourceName }),
  };
}

/** Gives an entry by kafkajs's numbers; what they have no number for is UNKNOWN. */
export function aclEntryOf(binding: AclBinding): AclEntry {
  const { principal, host, resourceName } = binding;
  return {
    principal,
    host,
    resourceName,
    operation: numberIn(AclOperationTypes, binding.operation),
    permissionType: numberIn(AclPermissionTypes, binding.permission),
    resourceType: numberIn(AclResourceTypes, binding.resourceType),
    resourcePatternType: numberIn(ResourcePatternTypes, binding.patternType),
  };
}

function aclKinds(
  entry: Omit<AclEntry, "principal" | "host" | "resourceName">,
): Pick<AclBinding, "operation" | "permission" | "resourceType" | "patternType"> {
  const operation = nameIn(AclOperationTypes, entry.operation);
  const permission = nameIn(AclPermissionTypes, entry.permissionType);
  const resourceType = nameIn(AclResourceTypes, entry.resourceType);
  const patternType = nameIn(ResourcePatternTypes, entry.resourcePatternType);
  if (operation === undefined) throw invalid("operation", entry.operation);
  if (permission === undefined) throw invalid("permission type", entry.permissionType);
  if (resourceType === undefined) throw invalid("resource type", entry.resourceType);
  if (patternType === undefined) throw invalid("pattern type", entry.resourcePatternType);
  return { operation, permission, resourceType, patternType };
}

function numberIn(table: Readonly<Record<string, number>>, name: string): number {
  return table[name] ?? 0;
}

function invalid(what: string, value: number): KafkaJSNonRetriableError {
  return new KafkaJSNonRetriableError(`Invalid ${what} ${value}`);
}
