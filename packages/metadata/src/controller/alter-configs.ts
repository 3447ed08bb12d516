import { configResourceTypeIds, configResourceTypeOf, configsOf } from "../image/configs-image.ts";
import type { ConfigResource, ResourceConfigs } from "../image/configs-image.ts";
import type { MetadataRecord } from "../records/metadata-record.ts";
import { isElrEnabled, MIN_INSYNC_REPLICAS } from "./cluster-view.ts";
import type { Decision, DecisionContext } from "./decision.ts";
import { decided, RECORDS_PER_REQUEST_MAX, refusedDecision } from "./decision.ts";
import type { ItemError } from "./outcome.ts";
import { itemError, noError } from "./outcome.ts";
import type {
  AlterConfigsInput,
  AlterConfigsResult,
  IncrementalAlterConfigsInput,
} from "./requests.ts";

/** How one configuration changes; a null value removes it. */
type Changes = ReadonlyMap<string, string | null>;
type Planned = { readonly records: readonly MetadataRecord[] } | { readonly fault: ItemError };
type IncrementalConfig = IncrementalAlterConfigsInput["resources"][number]["configs"][number];

const operations = ["SET", "DELETE", "APPEND", "SUBTRACT"] as const;

/** Decides IncrementalAlterConfigs: one result per resource; a refusal stops no other. */
export function decideIncrementalAlterConfigs(
  context: DecisionContext,
  input: IncrementalAlterConfigsInput,
): Decision<readonly AlterConfigsResult[]> {
  return decideResources(input, (resource, asked) => {
    const changes = incrementalChanges(context, resource, asked.configs);
    return "fault" in changes ? changes : planChanges(context, resource, changes.changes);
  });
}

/** Decides AlterConfigs: what the request does not name goes back to its default. */
export function decideAlterConfigs(
  context: DecisionContext,
  input: AlterConfigsInput,
): Decision<readonly AlterConfigsResult[]> {
  return decideResources(input, (resource, asked) => {
    const changes = new Map<string, string | null>();
    for (const name of configsOf(context.image.configs, resource).keys()) changes.set(name, null);
    for (const { name, value } of asked.configs) {
      if (value === null) return { fault: nullValue(name) };
      changes.set(name, value);
    }
    if (new Set(asked.configs.map(({ name }) => name)).size !== asked.configs.length) {
      return { fault: itemError("INVALID_REQUEST", "A configuration is named more than once.") };
    }
    return planChanges(context, resource, changes);
  });
}

/** Decides the configurations that a new topic begins with. */
export function newTopicConfigs(
  context: DecisionContext,
  topic: {
    readonly name: string;
    readonly configs: readonly { readonly name: string; readonly value: string | null }[];
  },
): Planned {
  if (topic.configs.length === 0) return { records: [] };
  const resource: ConfigResource = { type: "topic", name: topic.name };
  const configs = new Map<string, string>();
  for (const { name, value } of topic.configs) {
    if (value === null) {
      return { fault: itemError("INVALID_CONFIG", `Configuration ${name} must not be null.`) };
    }
    configs.set(name, value);
  }
  const fault = context.configValidator.validate(resource, configs, new Map());
  if (fault !== undefined) return { fault };
  return { records: [...configs].map(([name, value]) => configRecord(resource, name, value)) };
}

function decideResources<Resource extends AlterConfigsInput["resources"][number]>(
  input: { readonly resources: readonly Resource[]; readonly validateOnly: boolean },
  plan: (resource: ConfigResource, asked: Resource) => Planned,
): Decision<readonly AlterConfigsResult[]> {
  const records: MetadataRecord[] = [];
  const results: AlterConfigsResult[] = [];
  const seen = new Set<string>();
  for (const asked of input.resources) {
    const { resourceType, resourceName } = asked;
    const planned = planOnce(asked, seen, plan);
    if ("fault" in planned) {
      results.push({ ...planned.fault, resourceType, resourceName });
      continue;
    }
    records.push(...planned.records);
    results.push({ ...noError, resourceType, resourceName });
  }
  if (records.length > RECORDS_PER_REQUEST_MAX) {
    // Kafka's words.
    const message = "Unable to perform excessively large batch operation.";
    return refusedDecision("POLICY_VIOLATION", message);
  }
  return decided(input.validateOnly ? [] : records, results);
}

function planOnce<Resource extends AlterConfigsInput["resources"][number]>(
  asked: Resource,
  seen: Set<string>,
  plan: (resource: ConfigResource, asked: Resource) => Planned,
): Planned {
  const key = `${asked.resourceType}:${asked.resourceName}`;
  if (seen.has(key)) {
    return { fault: itemError("INVALID_REQUEST", "Each resource must appear at most once.") };
  }
  seen.add(key);
  const type = configResourceTypeOf(asked.resourceType);
  if (type === undefined) {
    const message = `Configurations of resource type ${asked.resourceType} cannot be altered here.`;
    return { fault: itemError("INVALID_REQUEST", message) };
  }
  return plan({ type, name: asked.resourceName }, asked);
}

function incrementalChanges(
  context: DecisionContext,
  resource: ConfigResource,
  configs: readonly IncrementalConfig[],
): { readonly changes: Changes } | { readonly fault: ItemError } {
  const changes = new Map<string, string | null>();
  const current = configsOf(context.image.configs, resource);
  for (const { name, configOperation, value } of configs) {
    if (changes.has(name)) {
      return { fault: itemError("INVALID_REQUEST", `Configuration ${name} is named twice.`) };
    }
    const operation = operations[configOperation];
    if (operation === undefined) {
      const message = `Configuration ${name} has an unknown operation ${configOperation}.`;
      return { fault: itemError("INVALID_REQUEST", message) };
    }
    if (operation === "DELETE") {
      changes.set(name, null);
      continue;
    }
    if (value === null) return { fault: nullValue(name) };
    if (operation === "SET") {
      changes.set(name, value);
      continue;
    }
    if (!context.configValidator.isList(resource, name)) {
      const message = `Can't ${operation} to key ${name} because its type is not LIST.`;
      return { fault: itemError("INVALID_CONFIG", message) };
    }
    const before = current.get(name) ?? context.configValidator.inheritedValue(resource, name);
    changes.set(name, changeList(before ?? "", value, operation));
  }
  return { changes };
}

function changeList(before: string, value: string, operation: "APPEND" | "SUBTRACT"): string {
  const elements = before.split(",").filter((element) => element !== "");
  const given = value.split(",");
  if (operation === "SUBTRACT") {
    return elements.filter((element) => !given.includes(element)).join(",");
  }
  return [...new Set([...elements, ...given])].join(",");
}

function planChanges(
  context: DecisionContext,
  resource: ConfigResource,
  changes: Changes,
): Planned {
  const before = configsOf(context.image.configs, resource);
  const fault =
    existenceFault(context, resource) ?? minInsyncFault(context, resource, changes, before);
  if (fault !== undefined) return { fault };
  const after = new Map(before);
  const records: MetadataRecord[] = [];
  for (const [name, value] of changes) {
    if (value === null) after.delete(name);
    else after.set(name, value);
    // A broker's configuration is written even if it is the same: that makes the broker read its
    // key store files again (KAFKA-14136).
    if ((before.get(name) ?? null) === value && resource.type !== "broker") continue;
    records.push(configRecord(resource, name, value));
  }
  const invalid = context.configValidator.validate(resource, after, before);
  if (invalid !== undefined) return { fault: invalid };
  return { records: [...records, ...elrRecords(context, resource, changes)] };
}

function existenceFault(context: DecisionContext, resource: ConfigResource): ItemError | undefined {
  const { image } = context;
  if (resource.type === "topic" && !image.topics.byName.has(resource.name)) {
    const message = `The topic '${resource.name}' does not exist.`;
    return itemError("UNKNOWN_TOPIC_OR_PARTITION", message);
  }
  if (resource.type !== "broker" || resource.name === "") return undefined;
  if (!/^\d+$/.test(resource.name)) {
    return itemError("INVALID_REQUEST", `'${resource.name}' is not a broker id.`);
  }
  const id = Number(resource.name);
  if (image.brokers.has(id) || image.controllers.has(id)) return undefined;
  return itemError("BROKER_ID_NOT_REGISTERED", `No node with id ${id} was found.`);
}

// KIP-966: with eligible leader replicas the minimum belongs to the cluster and the topics.
function minInsyncFault(
  context: DecisionContext,
  resource: ConfigResource,
  changes: Changes,
  before: ResourceConfigs,
): ItemError | undefined {
  if (resource.type !== "broker" || !isElrEnabled(context.image)) return undefined;
  const value = changes.get(MIN_INSYNC_REPLICAS);
  if (value === undefined) return undefined;
  if (resource.name !== "") {
    const message = `With eligible leader replicas no broker has its own ${MIN_INSYNC_REPLICAS}.`;
    return itemError("INVALID_CONFIG", message);
  }
  if (value !== null || !before.has(MIN_INSYNC_REPLICAS)) return undefined;
  const message = `The cluster needs ${MIN_INSYNC_REPLICAS} while eligible leader replicas are on.`;
  return itemError("INVALID_CONFIG", message);
}

// Another minimum makes what ELR says about the old one worthless.
function elrRecords(
  context: DecisionContext,
  resource: ConfigResource,
  changes: Changes,
): readonly MetadataRecord[] {
  if (!isElrEnabled(context.image) || !changes.has(MIN_INSYNC_REPLICAS)) return [];
  if (resource.type !== "topic" && resource.type !== "broker") return [];
  const topicName = resource.type === "topic" ? resource.name : "";
  return [{ type: "ClearElrRecord", version: 0, data: { topicName } }];
}

function configRecord(
  resource: ConfigResource,
  name: string,
  value: string | null,
): MetadataRecord {
  const resourceType = configResourceTypeIds[resource.type];
  return {
    type: "ConfigRecord",
    version: 0,
    data: { resourceType, resourceName: resource.name, name, value },
  };
}

function nullValue(name: string): ItemError {
  return itemError("INVALID_REQUEST", `Configuration ${name} must not be null.`);
}
