import {
  type Admin,
  type ConfigEntry,
  type ConfigResource,
  type ConfigSource,
  configResourceKey,
} from "@millrace/client";
import { outcomeOf, refuseErrors } from "../outcome.ts";
import { ToolFailure } from "../tool-errors.ts";
import type { ConfigChanges } from "./config-changes.ts";
import type { ConfigTask } from "./config-task.ts";

const resourceTypes: Readonly<
  Record<string, readonly [type: ConfigResource["type"], source: ConfigSource | undefined]>
> = {
  topics: ["topic", "DYNAMIC_TOPIC_CONFIG"],
  brokers: ["broker", "DYNAMIC_BROKER_CONFIG"],
  "broker-loggers": ["broker-logger", undefined],
  "client-metrics": ["client-metrics", "DYNAMIC_CLIENT_METRICS_CONFIG"],
  groups: ["group", "DYNAMIC_GROUP_CONFIG"],
};

/** Shows the configurations of one entity, or of every one of its type. */
export async function describeResources(task: ConfigTask): Promise<void> {
  const { admin, given, context, names } = task;
  const type = task.types[0] ?? "";
  const [name] = names;
  const isAll = given.has("all");
  if (!isAll && name !== undefined && !(await isThere(admin, type, name))) {
    const said = `doesn't exist and doesn't have dynamic config.`;
    context.print(`The ${type.slice(0, -1)} '${name}' ${said}\n`);
    return;
  }
  const found = name === undefined ? await everyName(admin, type) : [name];
  for (const one of found) {
    const what = `${isAll ? "All" : "Dynamic"} configs for ${type.slice(0, -1)} ${one} are:`;
    context.print(one === "" ? `Default configs for ${type} in the cluster are:\n` : `${what}\n`);
    for (const entry of await entriesOf(admin, { type, name: one, isAll })) {
      const synonyms = entry.synonyms.map(
        (synonym) => `${synonym.source}:${synonym.name}=${synonym.value}`,
      );
      const { name: key, value, isSensitive } = entry;
      const told = `synonyms={${synonyms.join(", ")}}`;
      context.print(`  ${key}=${value} sensitive=${isSensitive} ${told}\n`);
    }
  }
}

/** Changes the configurations of one entity. @throws ToolFailure, KafkaError */
export async function alterResource(task: ConfigTask, changes: ConfigChanges): Promise<void> {
  const { admin, types, names } = task;
  const type = types[0] ?? "";
  const name = names[0] ?? "";
  if (type === "broker-loggers") await checkLoggers(admin, name, changes);
  const outcomes = await admin.incrementalAlterConfigs([
    {
      ...resourceOf(type, name),
      changes: [
        ...changes.deleted.map((one) => ({ name: one, op: "delete" }) as const),
        ...[...changes.added].map(([one, value]) => ({ name: one, op: "set", value }) as const),
      ],
    },
  ]);
  refuseErrors(outcomes);
}

async function checkLoggers(admin: Admin, name: string, changes: ConfigChanges): Promise<void> {
  const entries = await entriesOf(admin, { type: "broker-loggers", name, isAll: true });
  const known = new Set(entries.map((entry) => entry.name));
  const wanted = [...changes.deleted, ...changes.added.keys()];
  const unknown = wanted.filter((one) => !known.has(one));
  if (unknown.length === 0) return;
  throw new ToolFailure(`Invalid broker logger(s): ${unknown.join(",")}`);
}

function resourceOf(type: string, name: string): ConfigResource {
  const [resourceType] = resourceTypes[type] ?? [];
  if (resourceType === undefined) throw new ToolFailure(`Unsupported entity type: ${type}`);
  return { type: resourceType, name };
}

async function entriesOf(
  admin: Admin,
  options: { readonly type: string; readonly name: string; readonly isAll: boolean },
): Promise<readonly ConfigEntry[]> {
  const { type, name, isAll } = options;
  const resource = resourceOf(type, name);
  const outcomes = await admin.describeConfigs([resource], { includeSynonyms: true });
  const entries = [...outcomeOf(outcomes, configResourceKey(resource)).values()];
  const isDefault = type === "brokers" && name === "";
  const source = isDefault ? "DYNAMIC_DEFAULT_BROKER_CONFIG" : resourceTypes[type]?.[1];
  return entries
    .filter((entry) => isAll || source === undefined || entry.source === source)
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

async function isThere(admin: Admin, type: string, name: string): Promise<boolean> {
  const isDefault = name === "" && type.startsWith("broker");
  return isDefault || (await everyName(admin, type)).includes(name);
}

async function everyName(admin: Admin, type: string): Promise<readonly string[]> {
  if (type === "topics") {
    return [...(await admin.listTopics({ listInternal: true })).keys()].toSorted();
  }
  if (type === "client-metrics") return namesWithConfigs(admin, "client-metrics");
  if (type === "groups") {
    const { groups, errors } = await admin.listGroups();
    refuseErrors(errors);
    const configured = await namesWithConfigs(admin, "group");
    return [...new Set([...groups.map(({ groupId }) => groupId), ...configured])];
  }
  const { brokers } = await admin.describeCluster();
  return [...brokers.map(({ id }) => String(id)), ""];
}

async function namesWithConfigs(
  admin: Admin,
  type: "client-metrics" | "group",
): Promise<readonly string[]> {
  return (await admin.listConfigResources([type])).map(({ name }) => name);
}
