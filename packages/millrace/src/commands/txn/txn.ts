import { Command } from "@commander-js/extra-typings";
import { treeCommand } from "../../tree/tree-command.ts";
import { abortTransactions } from "./abort.ts";
import { describeTransactions } from "./describe.ts";
import { hangingTransactions } from "./hanging.ts";
import { listTransactions } from "./list.ts";

/** `millrace txn`: transactions. */
export const txnCommand = treeCommand((cli) =>
  new Command("txn")
    .summary("transactions: list, describe, abort, hanging")
    .addCommand(listTransactions(cli))
    .addCommand(describeTransactions(cli))
    .addCommand(abortTransactions(cli))
    .addCommand(hangingTransactions(cli))
    .addHelpText(
      "after",
      `
Examples:
  millrace txn list --state Ongoing --older-than 10m
  millrace txn abort billing-1
  millrace txn hanging orders --execute`,
    ),
);
