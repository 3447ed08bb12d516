/** Configurations that were set, by `configResourceKey`; a resource without any is absent. */
export type ConfigsImage = ReadonlyMap<string, ResourceConfigs>;

/** The names and values set for one resource. */
export type ResourceConfigs = ReadonlyMap<string, string>;

/** Something that has configurations of its own. */
export interface ConfigResource {
  readonly type: ConfigResourceType;
  /** The topic, group or subscription; a broker's id as text, "" for the default of all brokers. */
  readonly name: string;
}

/** Kafka's kinds of resource whose configurations are metadata. */
export type ConfigResourceType = "topic" | "broker" | "client-metrics" | "group";

/** The kinds' numbers in requests and records. */
export const configResourceTypeIds = {
  topic: 2,
  broker: 4,
  "client-metrics": 16,
  group: 32,
} as const satisfies Record<ConfigResourceType, number>;

const typesById = new Map<number, ConfigResourceType>([
  [configResourceTypeIds.topic, "topic"],
  [configResourceTypeIds.broker, "broker"],
  [configResourceTypeIds["client-metrics"], "client-metrics"],
  [configResourceTypeIds.group, "group"],
]);

const noConfigs: ResourceConfigs = new Map();

/** Gives the kind with a number; undefined for one whose configurations are not metadata. */
export function configResourceTypeOf(id: number): ConfigResourceType | undefined {
  return typesById.get(id);
}

/** Gives the key of a resource in a `ConfigsImage`. */
export function configResourceKey(resource: ConfigResource): string {
  return `${resource.type}:${resource.name}`;
}

/** Gives the resource of a key. */
export function configResourceOfKey(key: string): ConfigResource {
  const colon = key.indexOf(":");
  const type = key.slice(0, colon);
  for (const known of typesById.values()) {
    if (known === type) return { type: known, name: key.slice(colon + 1) };
  }
  throw new RangeError(`not a configuration resource: ${key}`);
}

/** Gives what is set for a resource; an empty map when nothing is. */
export function configsOf(configs: ConfigsImage, resource: ConfigResource): ResourceConfigs {
  return configs.get(configResourceKey(resource)) ?? noConfigs;
}
