import { Command } from "@commander-js/extra-typings";
import { treeCommand } from "../../tree/tree-command.ts";
import { deleteShares } from "./delete.ts";
import { describeShares } from "./describe.ts";
import { listShares } from "./list.ts";
import { resetShare } from "./reset.ts";

/** `millrace share`: share groups (KIP-932). */
export const shareCommand = treeCommand((cli) =>
  new Command("share")
    .summary("share groups: list, describe, reset, delete")
    .addCommand(listShares(cli))
    .addCommand(describeShares(cli))
    .addCommand(resetShare(cli))
    .addCommand(deleteShares(cli))
    .addHelpText(
      "after",
      `
Examples:
  millrace share list
  millrace share describe workers
  millrace share reset workers --topic jobs --to start --execute`,
    ),
);
