import type { CommandContext } from "../../command.ts";
import { withToolAdmin, readToolProperties } from "../open-client.ts";
import { javaMessageOf } from "../java-message.ts";
import { refuseErrors } from "../outcome.ts";
import { isTold, toolCommand } from "../tool.ts";
import { alterTopics } from "./alter-topics.ts";
import { checkTopicOptions } from "./check-topic-options.ts";
import { createTopic } from "./create-topic.ts";
import { describeTopics } from "./describe-topics.ts";
import { existingTopics } from "./existing-topics.ts";
import { type TopicArguments, topicOptions } from "./topic-options.ts";
import type { TopicTask } from "./topic-task.ts";

/** `millrace kafka-topics`, as Apache Kafka's kafka-topics.sh. */
export const kafkaTopics = toolCommand({
  description: "This tool helps to create, delete, describe, or change a topic.",
  descriptionOfNothing: "Create, delete, describe, or change a topic.",
  options: topicOptions,
  isUsageShown: false,
  run,
});

async function run(options: TopicArguments, context: CommandContext): Promise<number> {
  checkTopicOptions(options, context);
  const properties = {
    ...readToolProperties(options.text("command-config")),
    "bootstrap.servers": options.text("bootstrap-server") ?? "",
  };
  try {
    await withToolAdmin(properties, (admin) => act({ admin, options, context }));
    return 0;
  } catch (error) {
    if (!isTold(error)) throw error;
    context.print(`Error while executing topic command : ${javaMessageOf(error)}\n`);
    return 1;
  }
}

function act(task: TopicTask): Promise<void> {
  const { options } = task;
  if (options.has("create")) return createTopic(task);
  if (options.has("alter")) return alterTopics(task);
  if (options.has("list")) return listTopics(task);
  return options.has("describe") ? describeTopics(task) : deleteTopics(task);
}

async function listTopics(task: TopicTask): Promise<void> {
  task.context.print(`${(await existingTopics(task)).join("\n")}\n`);
}

async function deleteTopics(task: TopicTask): Promise<void> {
  const { admin, options } = task;
  const topics = await existingTopics(task, { isRequired: !options.has("if-exists") });
  const outcomes = await admin.deleteTopics(topics, { retryOnQuotaViolation: false });
  refuseErrors(outcomes);
}
