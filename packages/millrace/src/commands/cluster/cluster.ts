import { Command } from "@commander-js/extra-typings";
import { treeCommand } from "../../tree/tree-command.ts";
import { listBrokers } from "./brokers.ts";
import { electLeaders } from "./elect.ts";
import { listFeatures } from "./features.ts";
import { clusterHealth } from "./health.ts";
import { listLogDirs } from "./log-dirs.ts";
import { describeQuorum } from "./quorum.ts";
import { reassign } from "./reassign.ts";
import { clusterStatus } from "./status.ts";

/** `millrace cluster`: brokers, and how they are. */
export const clusterCommand = treeCommand((cli) =>
  new Command("cluster")
    .summary("status, brokers, health, features, quorum, log directories")
    .addCommand(clusterStatus(cli))
    .addCommand(clusterHealth(cli))
    .addCommand(listBrokers(cli))
    .addCommand(listFeatures(cli))
    .addCommand(describeQuorum(cli))
    .addCommand(listLogDirs(cli))
    .addCommand(electLeaders(cli))
    .addCommand(reassign(cli))
    .addHelpText(
      "after",
      `
Examples:
  millrace cluster status
  millrace cluster health && echo fine
  millrace cluster log-dirs -o wide`,
    ),
);
