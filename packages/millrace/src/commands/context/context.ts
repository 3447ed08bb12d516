import { Command } from "@commander-js/extra-typings";
import { treeCommand } from "../../tree/tree-command.ts";
import { addContext } from "./add.ts";
import { listContexts } from "./list.ts";
import { removeContext } from "./remove.ts";
import { showContext } from "./show.ts";
import { useContext } from "./use.ts";

/** `millrace context`: clusters by name. */
export const contextCommand = treeCommand((cli) =>
  new Command("context")
    .summary("clusters by name")
    .description("Keeps how to reach clusters, under names for -c, and which of them is in use.")
    .addCommand(listContexts(cli))
    .addCommand(addContext(cli))
    .addCommand(useContext(cli))
    .addCommand(showContext(cli))
    .addCommand(removeContext(cli))
    .addHelpText(
      "after",
      `
Examples:
  millrace context add staging -b kafka.staging:9092 --use
  millrace context add production --command-config production.properties
  millrace topic list -c production`,
    ),
);
