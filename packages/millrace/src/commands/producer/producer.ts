import { Command } from "@commander-js/extra-typings";
import { treeCommand } from "../../tree/tree-command.ts";
import { listProducers } from "./list.ts";

/** `millrace producer`: the producers that partitions know. */
export const producerCommand = treeCommand((cli) =>
  new Command("producer")
    .summary("the producers that partitions know")
    .addCommand(listProducers(cli))
    .addHelpText("after", "\nExamples:\n  millrace producer list orders"),
);
