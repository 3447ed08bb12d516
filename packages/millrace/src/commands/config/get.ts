import { Command } from "@commander-js/extra-typings";
import type { ConfigEntry, ConfigResource, ConfigSource } from "@millrace/client";
import { onlyValue } from "../../cluster/settled.ts";
import type { Column } from "../../output/column.ts";
import type { Cli } from "../../tree/cli.ts";
import { UsageError } from "../../usage-error.ts";
import { nearest } from "../../nearest.ts";
import { configResource, resourceText } from "./resource.ts";

const columns: readonly Column<ConfigEntry>[] = [
  { heading: "NAME", value: ({ name }) => name },
  { heading: "VALUE", value: ({ value, isSensitive }) => (isSensitive ? "[hidden]" : value) },
  { heading: "SOURCE", value: ({ source }) => source },
  { heading: "TYPE", value: ({ type }) => type, isWide: true },
  { heading: "READ ONLY", value: ({ isReadOnly }) => isReadOnly, isWide: true },
];

/** `millrace config get RESOURCE [KEY…]`. */
export function getConfigs(cli: Cli) {
  return new Command("get")
    .summary("what is set for it; all that holds with -a")
    .argument("<resource>", "topic/NAME, broker/NUMBER, broker/default, …", configResource)
    .argument("[keys...]", "these alone, whoever has set them")
    .option("-a, --all", "also what is set elsewhere, and what nobody has set")
    .option("--docs", "with what the broker tells about each")
    .action((resource, keys, { all, docs }) =>
      cli.withAdmin(async (admin) => {
        const options = { includeSynonyms: true, includeDocumentation: docs === true };
        const entries = onlyValue(await admin.describeConfigs([resource], options)) ?? noEntries;
        for (const key of keys) {
          if (!entries.has(key)) throw unknownKey(resourceText(resource), key, [...entries.keys()]);
        }
        const shown = [...entries.values()].filter((entry) =>
          keys.length > 0
            ? keys.includes(entry.name)
            : all === true || entry.source === ownSource(resource),
        );
        const documentation = {
          heading: "DOCUMENTATION",
          value: (entry: ConfigEntry) => entry.documentation,
        };
        await cli.show(shown, docs === true ? [...columns, documentation] : columns);
      }),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  millrace config get topic/orders\n  millrace config get broker/0 log.retention.ms -o json\n  millrace config get topic/orders --all --docs",
    );
}

const noEntries: ReadonlyMap<string, ConfigEntry> = new Map();

/** Where a value comes from that was set for the resource itself. */
function ownSource({ type, name }: ConfigResource): ConfigSource {
  switch (type) {
    case "topic":
      return "DYNAMIC_TOPIC_CONFIG";
    case "broker":
      return name === "" ? "DYNAMIC_DEFAULT_BROKER_CONFIG" : "DYNAMIC_BROKER_CONFIG";
    case "broker-logger":
      return "DYNAMIC_BROKER_LOGGER_CONFIG";
    case "client-metrics":
      return "DYNAMIC_CLIENT_METRICS_CONFIG";
    case "group":
      return "DYNAMIC_GROUP_CONFIG";
  }
}

function unknownKey(resource: string, key: string, known: readonly string[]): UsageError {
  const meant = nearest(key, known);
  const hint = meant === undefined ? "--all shows those it has" : `did you mean ${meant}?`;
  return new UsageError(`config get: ${resource} has no ${key}: ${hint}`);
}
