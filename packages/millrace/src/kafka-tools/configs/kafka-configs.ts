import type { CommandContext } from "../../command.ts";
import { javaExecutionMessageOf } from "../java-message.ts";
import { readToolProperties, withToolAdmin } from "../open-client.ts";
import { isTold, toolCommand } from "../tool.ts";
import { OptionError, ToolFailure, ToolUsageError } from "../tool-errors.ts";
import { checkConfigOptions } from "./check-config-options.ts";
import { configChangesOf } from "./config-changes.ts";
import {
  type ConfigArguments,
  configOptions,
  entityNamesOf,
  entityTypesOf,
} from "./config-options.ts";
import type { ConfigTask } from "./config-task.ts";
import { alterQuotas, describeQuotas } from "./quota-configs.ts";
import { alterResource, describeResources } from "./resource-configs.ts";
import { alterUsers, describeUsers } from "./user-configs.ts";

/** `millrace kafka-configs`, as Apache Kafka's kafka-configs.sh. */
export const kafkaConfigs = toolCommand({
  description:
    "This tool helps to manipulate and describe entity config for a topic, client, user, " +
    "broker, ip, client-metrics or group",
  options: configOptions,
  isUsageShown: false,
  run,
});

async function run(given: ConfigArguments, context: CommandContext): Promise<number> {
  checkConfigOptions(given);
  const types = entityTypesOf(given);
  const names = entityNamesOf(given);
  if (given.has("alter") && types.length !== names.length) {
    throw new ToolFailure("An entity name must be specified for every entity type");
  }
  if (given.has("bootstrap-controller")) {
    throw new ToolFailure("Controllers are not asked; ask a broker with --bootstrap-server");
  }
  const properties = {
    ...readToolProperties(given.text("command-config")),
    "bootstrap.servers": given.text("bootstrap-server") ?? "",
  };
  try {
    await withToolAdmin(properties, async (admin) => {
      const task = { admin, given, context, types, names };
      await (given.has("alter") ? alter(task) : describe(task));
    });
    return 0;
  } catch (error) {
    if (!isTold(error) || isOfTool(error)) throw error;
    context.printError(
      `Error while executing config command with args '${given.words.join(" ")}'\n` +
        `java.util.concurrent.ExecutionException: ${javaExecutionMessageOf(error)}\n`,
    );
    return 1;
  }
}

function isOfTool(error: Error): boolean {
  return [ToolFailure, ToolUsageError, OptionError].some((type) => error instanceof type);
}

async function describe(task: ConfigTask): Promise<void> {
  const [type] = task.types;
  if (type === "users" || type === "clients") await describeUsers(task);
  else if (type === "ips") await describeQuotas(task);
  else await describeResources(task);
}

async function alter(task: ConfigTask): Promise<void> {
  const changes = configChangesOf(task.given);
  const type = task.types[0] ?? "";
  const name = task.names[0] ?? "";
  if (type === "users" || type === "clients") await alterUsers(task, changes);
  else if (type === "ips") {
    const unknown = [...changes.added.keys(), ...changes.deleted].filter(
      (key) => key !== "connection_creation_rate",
    );
    if (unknown.length > 0) {
      throw new ToolFailure(
        "Only connection quota configs can be added for 'ips' using --bootstrap-server. " +
          `Unexpected config names: ${unknown.join(",")}`,
      );
    }
    await alterQuotas(task, changes);
  } else await alterResource(task, changes);
  task.context.print(
    name === ""
      ? `Completed updating default config for ${type} in the cluster.\n`
      : `Completed updating config for ${type.slice(0, -1)} ${name}.\n`,
  );
}
