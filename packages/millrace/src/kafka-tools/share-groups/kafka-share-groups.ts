import type { CommandContext } from "../../command.ts";
import { tellGroupError } from "../consumer-groups/group-task.ts";
import { javaExecutionMessageOf, javaMessageOf } from "../java-message.ts";
import { readToolProperties, withToolAdmin } from "../open-client.ts";
import { isTold, toolCommand } from "../tool.ts";
import { ToolUsageError } from "../tool-errors.ts";
import { deleteShareGroups, deleteShareOffsets } from "./delete-share-groups.ts";
import { describeShareGroups } from "./describe-share-groups.ts";
import { listShareGroups } from "./list-share-groups.ts";
import { GroupNotEmpty, resetShareOffsets } from "./reset-share-offsets.ts";
import {
  checkShareGroupOptions,
  type ShareGroupArguments,
  shareGroupOptions,
} from "./share-group-options.ts";
import type { ShareGroupTask } from "./share-group-task.ts";

/** `millrace kafka-share-groups`, as Apache Kafka's kafka-share-groups.sh. */
export const kafkaShareGroups = toolCommand({
  description: "This tool helps to list, describe, reset and delete share groups.",
  options: shareGroupOptions,
  isUsageShown: false,
  run,
});

async function run(options: ShareGroupArguments, context: CommandContext): Promise<number> {
  checkShareGroupOptions(options);
  const properties = {
    ...readToolProperties(options.text("command-config")),
    "bootstrap.servers": options.text("bootstrap-server") ?? "",
  };
  const timeoutMs = Number(options.long("timeout"));
  try {
    await withToolAdmin(properties, (admin) => act({ admin, options, context, timeoutMs }));
    return 0;
  } catch (error) {
    if (error instanceof GroupNotEmpty) {
      context.printError(`${error.message}\n`);
      return 1;
    }
    if (error instanceof ToolUsageError || !isTold(error)) throw error;
    tellGroupError(
      context,
      `Executing share group command failed due to ${messageOf(error, options)}`,
    );
    // Kafka's tool ends well after it has told a failure.
    return 0;
  }
}

/** Kafka's tool unwraps what it was told by brokers, except when it describes. */
function messageOf(error: Error, options: ShareGroupArguments): string {
  const isWrapped = error.name === "KafkaError" && options.has("describe");
  return isWrapped ? javaExecutionMessageOf(error) : javaMessageOf(error);
}

function act(task: ShareGroupTask): Promise<void> {
  const { options } = task;
  if (options.has("list")) return listShareGroups(task);
  if (options.has("describe")) return describeShareGroups(task);
  if (options.has("delete")) return deleteShareGroups(task);
  return options.has("reset-offsets") ? resetShareOffsets(task) : deleteShareOffsets(task);
}
