import { Command } from "@commander-js/extra-typings";
import { treeCommand } from "../../tree/tree-command.ts";
import { alterTopics } from "./alter.ts";
import { createTopics } from "./create.ts";
import { deleteTopics } from "./delete.ts";
import { describeTopics } from "./describe.ts";
import { topicLag } from "./lag.ts";
import { listTopics } from "./list.ts";
import { listPartitions } from "./partitions.ts";
import { trimTopics } from "./trim.ts";

/** `millrace topic`: topics and what is in them. */
export const topicCommand = treeCommand((cli) =>
  new Command("topic")
    .summary("topics: list, create, describe, alter, delete, trim")
    .addCommand(listTopics(cli))
    .addCommand(createTopics(cli))
    .addCommand(describeTopics(cli))
    .addCommand(alterTopics(cli))
    .addCommand(deleteTopics(cli))
    .addCommand(listPartitions(cli))
    .addCommand(trimTopics(cli))
    .addCommand(topicLag(cli))
    .addHelpText(
      "after",
      `
Examples:
  millrace topic list
  millrace topic create orders -p 6 --config retention.ms=86400000
  millrace topic describe orders -o yaml
  millrace topic trim orders --to @-7d`,
    ),
);
