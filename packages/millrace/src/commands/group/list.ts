import { Command, Option } from "@commander-js/extra-typings";
import type { GroupListing } from "@millrace/client";
import type { Column } from "../../output/column.ts";
import type { Cli } from "../../tree/cli.ts";

const types = ["classic", "consumer", "share", "streams"] as const;

const columns: readonly Column<GroupListing>[] = [
  { heading: "GROUP", value: ({ groupId }) => groupId },
  { heading: "TYPE", value: ({ type }) => type },
  { heading: "PROTOCOL", value: ({ protocol }) => protocol },
  { heading: "STATE", value: ({ state }) => state },
];

/** `millrace group list`. */
export function listGroups(cli: Cli) {
  return new Command("list")
    .alias("ls")
    .summary("groups of all types")
    .addOption(new Option("--type <type>", "only of this type").choices(types))
    .option("--state <state>", "only in this state: Stable, Empty, …")
    .action(({ type, state }) =>
      cli.withAdmin(async (admin) => {
        const options = type === undefined ? {} : { types: [type] };
        const { groups, errors } = await admin.listGroups(options);
        for (const [broker, error] of errors) cli.failed(`broker ${broker}`, error);
        const shown = groups
          .filter((one) => state === undefined || one.state?.toLowerCase() === state.toLowerCase())
          .toSorted((left, right) => (left.groupId < right.groupId ? -1 : 1));
        await cli.show(shown, columns);
      }),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  millrace group list\n  millrace group list --type share --state empty -o name",
    );
}
