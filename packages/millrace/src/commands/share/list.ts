import { Command } from "@commander-js/extra-typings";
import type { GroupListing } from "@millrace/client";
import type { Column } from "../../output/column.ts";
import type { Cli } from "../../tree/cli.ts";

const columns: readonly Column<GroupListing>[] = [
  { heading: "GROUP", value: ({ groupId }) => groupId },
  { heading: "STATE", value: ({ state }) => state },
];

/** `millrace share list`. */
export function listShares(cli: Cli) {
  return new Command("list")
    .alias("ls")
    .summary("the share groups there are")
    .action(() =>
      cli.withAdmin(async (admin) => {
        const { groups, errors } = await admin.listGroups({ types: ["share"] });
        for (const [broker, error] of errors) cli.failed(`broker ${broker}`, error);
        await cli.show(
          groups.toSorted((left, right) => (left.groupId < right.groupId ? -1 : 1)),
          columns,
        );
      }),
    )
    .addHelpText("after", "\nExamples:\n  millrace share list -o name");
}
