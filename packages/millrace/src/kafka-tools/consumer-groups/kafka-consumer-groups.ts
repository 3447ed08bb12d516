import type { CommandContext } from "../../command.ts";
import { javaExecutionMessageOf, javaMessageOf } from "../java-message.ts";
import { readToolProperties, withToolAdmin } from "../open-client.ts";
import { isTold, toolCommand } from "../tool.ts";
import { ToolUsageError } from "../tool-errors.ts";
import { checkConsumerGroupOptions } from "./check-consumer-group-options.ts";
import { type ConsumerGroupArguments, consumerGroupOptions } from "./consumer-group-options.ts";
import { deleteGroups, deleteOffsets } from "./delete-groups.ts";
import { describeGroups } from "./describe-groups.ts";
import { type GroupTask, tellGroupError } from "./group-task.ts";
import { listGroups } from "./list-groups.ts";
import { resetOffsets } from "./reset-offsets.ts";

/** `millrace kafka-consumer-groups`, as Apache Kafka's kafka-consumer-groups.sh. */
export const kafkaConsumerGroups = toolCommand({
  description:
    "This tool helps to list all consumer groups, describe a consumer group, " +
    "delete consumer group info, or reset consumer group offsets.",
  options: consumerGroupOptions,
  isUsageShown: false,
  run,
});

async function run(options: ConsumerGroupArguments, context: CommandContext): Promise<number> {
  checkConsumerGroupOptions(options, context);
  const regex = options.text("validate-regex");
  if (regex !== undefined) {
    context.print(validateRegex(regex));
    return 0;
  }
  const properties = {
    ...readToolProperties(options.text("command-config")),
    "bootstrap.servers": options.text("bootstrap-server") ?? "",
  };
  try {
    const timeoutMs = Number(options.long("timeout"));
    await withToolAdmin(properties, (admin) => act({ admin, options, context, timeoutMs }));
  } catch (error) {
    if (error instanceof ToolUsageError || !isTold(error)) throw error;
    // Kafka's tool ends well after it has told a failure.
    tellGroupError(
      context,
      `Executing consumer group command failed due to ${messageOf(error, options)}`,
    );
  }
  return 0;
}

/** Kafka's tool unwraps what it was told by brokers in one action and not in the others. */
function messageOf(error: Error, options: ConsumerGroupArguments): string {
  if (error.name !== "KafkaError" || options.has("reset-offsets")) return javaMessageOf(error);
  const message = javaExecutionMessageOf(error);
  return options.has("list") ? `java.util.concurrent.ExecutionException: ${message}` : message;
}

function act(task: GroupTask): Promise<void> {
  const { options } = task;
  if (options.has("list")) return listGroups(task);
  if (options.has("describe")) return describeGroups(task);
  if (options.has("delete")) return deleteGroups(task);
  return options.has("reset-offsets") ? resetOffsets(task) : deleteOffsets(task);
}

function validateRegex(text: string): string {
  try {
    void new RegExp(text, "u");
    return `The regular expression \`${text}\` is valid.\n`;
  } catch (error) {
    const said = error instanceof Error ? error.message.replace(/^.*: /, "") : String(error);
    return `The regular expression \`${text}\` is invalid: ${said}.\n`;
  }
}
