import type { commonOptions, OptionTable } from "../options/option-table.ts";
import type { ParsedOptions } from "../options/parsed-options.ts";

const named = (description: string) => ({ description, argument: "required" }) as const;

/** Options of kafka-configs. */
export const configOptions = {
  "bootstrap-server": {
    ...named("Brokers to connect to."),
    describedAs: "server to connect to",
  },
  "bootstrap-controller": {
    ...named("Controllers to connect to."),
    describedAs: "controller to connect to",
  },
  "command-config": {
    ...named("A file of properties for the client."),
    describedAs: "command config property file",
  },
  alter: { description: "Changes configurations." },
  describe: { description: "Shows configurations." },
  all: { description: "With --describe: those that nobody has changed, too." },
  "entity-type": named(
    "What has the configurations: topics, clients, users, brokers, broker-loggers, ips, " +
      "client-metrics or groups.",
  ),
  "entity-name": named("Which one of that type."),
  "entity-default": { description: "What holds for all clients, users, brokers or ips." },
  "add-config": named(
    "Configurations to set: k1=v1,k2=[v1,v2]; brackets hold a value with commas.",
  ),
  "add-config-file": named("A file of properties to set."),
  "delete-config": named("Configurations to take back: k1,k2."),
  topic: named("The topic."),
  client: named("The client's id."),
  "client-defaults": { description: "What holds for all clients." },
  user: named("The user's name."),
  "user-defaults": { description: "What holds for all users." },
  broker: named("The broker's id."),
  "broker-defaults": { description: "What holds for all brokers." },
  "broker-logger": named("The id of the broker whose loggers are meant."),
  "ip-defaults": { description: "What holds for all addresses." },
  ip: named("The address."),
  group: named("The group."),
  "client-metrics": named("The subscription of clients' metrics."),
} as const satisfies OptionTable;

/** What kafka-configs was told. */
export type ConfigArguments = ParsedOptions<typeof configOptions & typeof commonOptions>;

/** Flags that name an entity of a type, in Kafka's order. */
export const entityFlags = [
  ["topic", "topics"],
  ["client", "clients"],
  ["user", "users"],
  ["broker", "brokers"],
  ["broker-logger", "broker-loggers"],
  ["ip", "ips"],
  ["client-metrics", "client-metrics"],
  ["group", "groups"],
] as const;

/** Flags that name a type's default. */
export const defaultFlags = [
  ["client-defaults", "clients"],
  ["user-defaults", "users"],
  ["broker-defaults", "brokers"],
  ["ip-defaults", "ips"],
] as const;

/** The types that were named, in Kafka's order. */
export function entityTypesOf(given: ConfigArguments): readonly string[] {
  const flags = [...entityFlags, ...defaultFlags];
  const byFlag = flags.filter(([flag]) => given.has(flag)).map(([, type]) => type);
  return [...given.texts("entity-type"), ...byFlag];
}

/** The names that were given, "" for a default. */
export function entityNamesOf(given: ConfigArguments): readonly string[] {
  const names = given.texts("entity-name").values();
  const inOrder = given.order.flatMap((option) => {
    if (option === "entity-default") return [""];
    return option === "entity-name" ? [names.next().value ?? ""] : [];
  });
  return [
    ...inOrder,
    ...entityFlags.flatMap(([flag]) => given.text(flag) ?? []),
    ...defaultFlags.filter(([flag]) => given.has(flag)).map(() => ""),
  ];
}
