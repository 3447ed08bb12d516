import { Command } from "@commander-js/extra-typings";
import { treeCommand } from "../../tree/tree-command.ts";
import { diffConfigs } from "./diff.ts";
import { getConfigs } from "./get.ts";
import { setConfigs } from "./set.ts";
import { unsetConfigs } from "./unset.ts";

/** `millrace config`: configurations of whatever has some. */
export const configCommand = treeCommand((cli) =>
  new Command("config")
    .summary("configurations of topics, brokers, groups, client metrics")
    .addCommand(getConfigs(cli))
    .addCommand(setConfigs(cli))
    .addCommand(unsetConfigs(cli))
    .addCommand(diffConfigs(cli))
    .addHelpText(
      "after",
      `
Resources: topic/NAME, broker/NUMBER, broker/default, group/NAME, client-metrics/NAME,
broker-logger/NUMBER.

Examples:
  millrace config get topic/orders
  millrace config set topic/orders retention.ms=86400000
  millrace config unset broker/default log.retention.ms
  millrace config diff topic/orders topic/payments`,
    ),
);
