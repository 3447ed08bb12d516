import { Command } from "@commander-js/extra-typings";
import { treeCommand } from "../../tree/tree-command.ts";
import { deleteGroups } from "./delete.ts";
import { describeGroups } from "./describe.ts";
import { groupLag } from "./lag.ts";
import { listGroups } from "./list.ts";
import { listMembers } from "./members.ts";
import { resetGroup } from "./reset.ts";

/** `millrace group`: groups, where they are, and where they shall be. */
export const groupCommand = treeCommand((cli) =>
  new Command("group")
    .summary("groups: list, describe, lag, members, reset, delete")
    .addCommand(listGroups(cli))
    .addCommand(describeGroups(cli))
    .addCommand(groupLag(cli))
    .addCommand(listMembers(cli))
    .addCommand(resetGroup(cli))
    .addCommand(deleteGroups(cli))
    .addHelpText(
      "after",
      `
Examples:
  millrace group list
  millrace group lag billing --watch
  millrace group reset billing --to @-1h --execute`,
    ),
);
