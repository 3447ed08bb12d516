import {
  type BrokerId,
  DescribeConfigs,
  IncrementalAlterConfigs,
  ListConfigResources,
} from "@millrace/protocol";

import type { Answer, Cluster, RequestFor } from "../cluster.ts";
import { outcomeOf } from "./answer.ts";
import type { AdminCallOptions, ValidateOptions } from "./call-options.ts";
import { type ConfigEntry, configEntry } from "./config-entry.ts";
import { type AdminAttempt, type Outcomes, settleEach, settleOne } from "./settle-each.ts";
import { askTargets } from "./targets.ts";

/** What has configurations. */
export type ConfigResourceType = keyof typeof resourceTypes;

const resourceTypes = {
  topic: 2,
  broker: 4,
  "broker-logger": 8,
  "client-metrics": 16,
  group: 32,
} as const;

/** A thing that has configurations; a broker's name is its number, and "" all brokers' default. */
export interface ConfigResource {
  readonly type: ConfigResourceType;
  readonly name: string;
}

/** A resource as a key of results: `topic:orders`. */
export type ConfigResourceKey = `${ConfigResourceType}:${string}`;

/** Gives the key of a resource in results. */
export function configResourceKey({ type, name }: ConfigResource): ConfigResourceKey {
  return `${type}:${name}`;
}

/** How configurations are described. */
export interface DescribeConfigsOptions extends AdminCallOptions {
  readonly includeSynonyms?: boolean | undefined;
  readonly includeDocumentation?: boolean | undefined;
}

/** One change of a configuration. */
export type ConfigChange =
  | { readonly name: string; readonly op: "set"; readonly value: string }
  | { readonly name: string; readonly op: "delete" }
  /** Adds to a list, or takes away from it; several separated by commas. */
  | { readonly name: string; readonly op: "append" | "subtract"; readonly value: string };

/** A resource and what changes. */
export interface ConfigAlteration extends ConfigResource {
  readonly changes: readonly ConfigChange[];
}

const operations = { set: 0, delete: 1, append: 2, subtract: 3 } as const;

/** Describes configurations; brokers and their loggers are asked for their own. */
export function describeConfigs(
  cluster: Cluster,
  resources: readonly ConfigResource[],
  options: DescribeConfigsOptions,
): Promise<Outcomes<ConfigResourceKey, ReadonlyMap<string, ConfigEntry>>> {
  const what = "describing configurations";
  const wanted = new Map(resources.map((one) => [configResourceKey(one), one]));
  return settleEach<ConfigResourceKey, ReadonlyMap<string, ConfigEntry>>(cluster, {
    what,
    items: wanted.keys(),
    call: options,
    attempt: (open, state) =>
      askOwners({ cluster, what, state }, pick(wanted, open), async (asked, send) => {
        const { body } = await send(DescribeConfigs, (version) => ({
          resources: asked.map(({ type, name }) => ({
            resourceType: resourceTypes[type],
            resourceName: name,
            configurationKeys: null,
          })),
          includeSynonyms: options.includeSynonyms ?? false,
          ...(version >= 3 ? { includeDocumentation: options.includeDocumentation ?? false } : {}),
        }));
        return new Map(
          body.results.map((one) => {
            const key = keyOf(one);
            const place = { what: `${key} cannot be described`, api: DescribeConfigs.name };
            const value = (): ReadonlyMap<string, ConfigEntry> =>
              new Map(one.configs.map((entry) => [entry.name, configEntry(entry)]));
            return [key, outcomeOf(one, place, value)];
          }),
        );
      }),
  });
}

/** Changes configurations, each resource's together, and leaves the others as they are. */
export function incrementalAlterConfigs(
  cluster: Cluster,
  alterations: readonly ConfigAlteration[],
  options: ValidateOptions,
): Promise<Outcomes<ConfigResourceKey, void>> {
  const what = "altering configurations";
  const wanted = new Map(alterations.map((one) => [configResourceKey(one), one]));
  return settleEach<ConfigResourceKey, void>(cluster, {
    what,
    items: wanted.keys(),
    call: options,
    attempt: (open, state) =>
      askOwners({ cluster, what, state }, pick(wanted, open), async (asked, send) => {
        const { body } = await send(IncrementalAlterConfigs, {
          resources: asked.map(({ type, name, changes }) => ({
            resourceType: resourceTypes[type],
            resourceName: name,
            configs: changes.map((change) => ({
              name: change.name,
              configOperation: operations[change.op],
              value: change.op === "delete" ? null : change.value,
            })),
          })),
          validateOnly: options.validateOnly ?? false,
        });
        return new Map(
          body.responses.map((one) => {
            const key = keyOf(one);
            const place = { what: `${key} was not altered`, api: IncrementalAlterConfigs.name };
            return [key, outcomeOf(one, place, () => undefined)];
          }),
        );
      }),
  });
}

type Api = typeof DescribeConfigs | typeof IncrementalAlterConfigs;

/** Asks brokers for what is their own, and any broker for the rest. */
function askOwners<R extends ConfigResource, V>(
  context: { readonly cluster: Cluster; readonly what: string; readonly state: AdminAttempt },
  resources: ReadonlyMap<ConfigResourceKey, R>,
  ask: (
    asked: readonly R[],
    send: <A extends Api>(api: A, request: RequestFor<A>) => Promise<Answer<A>>,
  ) => Promise<Outcomes<ConfigResourceKey, V>>,
): Promise<Outcomes<ConfigResourceKey, V>> {
  const { cluster, what, state } = context;
  const owners = new Map([...resources].map(([key, one]) => [key, ownerOf(one)]));
  return askTargets(what, owners, (owner, keys) =>
    ask(
      keys.flatMap((key) => resources.get(key) ?? []),
      (api, request) =>
        owner === anybody
          ? cluster.sendToAny(api, request, { signal: state.signal })
          : cluster.send(owner, api, request, { signal: state.signal }),
    ),
  );
}

/** Stands for whichever broker has the least to do. */
const anybody: BrokerId = -1;

function ownerOf({ type, name }: ConfigResource): BrokerId {
  const isBrokers = (type === "broker" && name !== "") || type === "broker-logger";
  return isBrokers ? Number(name) : anybody;
}

function keyOf(answer: {
  readonly resourceType: number;
  readonly resourceName: string;
}): ConfigResourceKey {
  return configResourceKey({ type: typeOf(answer.resourceType), name: answer.resourceName });
}

function typeOf(number: number): ConfigResourceType {
  const names: readonly ConfigResourceType[] = [
    "broker",
    "broker-logger",
    "client-metrics",
    "group",
  ];
  return names.find((name) => resourceTypes[name] === number) ?? "topic";
}

function pick<K, V>(wanted: ReadonlyMap<K, V>, keys: readonly K[]): ReadonlyMap<K, V> {
  const chosen = new Set(keys);
  return new Map([...wanted].filter(([key]) => chosen.has(key)));
}

/** Lists what has configurations of its own: of these types, or of all. */
export function listConfigResources(
  cluster: Cluster,
  types: readonly ConfigResourceType[],
  options: AdminCallOptions,
): Promise<readonly ConfigResource[]> {
  const what = "listing resources with configurations";
  return settleOne<readonly ConfigResource[]>(cluster, {
    what,
    call: options,
    attempt: async ({ signal }) => {
      // Version 0 knows the subscriptions of client metrics alone.
      const isOlder = types.length === 1 && types[0] === "client-metrics";
      const { body } = await cluster.sendToAny(
        ListConfigResources,
        (version) =>
          version === 0 ? {} : { resourceTypes: types.map((type) => resourceTypes[type]) },
        { signal, minVersion: isOlder ? 0 : 1 },
      );
      return outcomeOf(body, { what, api: ListConfigResources.name }, () =>
        body.configResources.map(({ resourceName, resourceType }) => ({
          type: typeOf(resourceType),
          name: resourceName,
        })),
      );
    },
  });
}
