import type { GroupListing } from "@millrace/client";
import type { CommandContext } from "../../command.ts";
import { javaMessageOf } from "../java-message.ts";
import { readToolProperties, withToolAdmin } from "../open-client.ts";
import type { commonOptions, OptionTable } from "../options/option-table.ts";
import type { ParsedOptions } from "../options/parsed-options.ts";
import { refuseErrors } from "../outcome.ts";
import { isTold, toolCommand } from "../tool.ts";
import { ToolFailure, ToolUsageError } from "../tool-errors.ts";

const options = {
  "bootstrap-server": {
    description: "REQUIRED: brokers to connect to.",
    argument: "required",
    describedAs: "server to connect to",
    isRequired: true,
  },
  "command-config": {
    description: "A file of properties for the client.",
    argument: "required",
    describedAs: "command config property file",
  },
  list: { description: "Lists groups." },
  "group-type": {
    description: "Only groups of this type: classic, consumer, share or streams.",
    argument: "required",
    describedAs: "type",
  },
  protocol: {
    description: "Only groups of this protocol.",
    argument: "required",
    describedAs: "protocol",
  },
  consumer: {
    description: "Only groups of consumers: of type consumer, or classic and of consumers.",
  },
  share: { description: "Only share groups." },
  streams: { description: "Only streams groups." },
} as const satisfies OptionTable;

type Arguments = ParsedOptions<typeof options & typeof commonOptions>;

const types = ["classic", "consumer", "share", "streams"] as const;

/** `millrace kafka-groups`, as Apache Kafka's kafka-groups.sh. */
export const kafkaGroups = toolCommand({
  description: "This tool helps to list groups of all types.",
  options,
  isUsageShown: true,
  run,
});

async function run(given: Arguments, context: CommandContext): Promise<number> {
  if (!given.has("list")) {
    throw new ToolUsageError("Command must include exactly one action: --list.");
  }
  const type = typeOf(given);
  given.exclude("consumer", ["group-type", "protocol", "share", "streams"]);
  given.exclude("share", ["consumer", "group-type", "protocol", "streams"]);
  given.exclude("streams", ["consumer", "group-type", "protocol", "share"]);
  const properties = {
    ...readToolProperties(given.text("command-config")),
    "bootstrap.servers": given.text("bootstrap-server") ?? "",
  };
  try {
    const groups = await withToolAdmin(properties, async (admin) => {
      const listed = await admin.listGroups();
      refuseErrors(listed.errors);
      return listed.groups;
    });
    print(
      groups.filter((group) => isWanted(group, given, type)),
      context,
    );
    return 0;
  } catch (error) {
    if (!isTold(error)) throw error;
    context.print(`Error while executing groups command : ${javaMessageOf(error)}\n`);
    return 1;
  }
}

function typeOf(given: Arguments): (typeof types)[number] | undefined {
  const text = given.text("group-type")?.toLowerCase();
  if (text === undefined) return undefined;
  const found = types.find((type) => type === text);
  if (found !== undefined) return found;
  throw new ToolFailure("--group-type must be a valid group type.");
}

function isWanted(
  { type, protocol }: GroupListing,
  given: Arguments,
  wantedType: string | undefined,
): boolean {
  const wantedProtocol = given.text("protocol");
  const isProtocol = wantedProtocol === undefined || protocol === wantedProtocol;
  if (wantedType !== undefined) return type === wantedType && isProtocol;
  if (wantedProtocol !== undefined) return isProtocol;
  if (given.has("consumer")) {
    return protocol === "consumer" || protocol === "" || type === "consumer";
  }
  if (given.has("share")) return type === "share";
  return !given.has("streams") || type === "streams";
}

function print(groups: readonly GroupListing[], context: CommandContext): void {
  const rows = groups.map(({ groupId, type, protocol }) => [
    groupId,
    type === undefined ? "" : type.slice(0, 1).toUpperCase() + type.slice(1),
    protocol,
  ]);
  const width = Math.max(20, ...rows.flat().map((cell) => cell.length));
  const header = ["GROUP", "TYPE", "PROTOCOL"].map((cell) => cell.padEnd(width)).join(" ");
  const lines = rows.map((row) => row.map((cell) => `${cell.padEnd(width)} `).join(""));
  context.print([header, ...lines].map((line) => `${line}\n`).join(""));
}
