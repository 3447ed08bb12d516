import { Command } from "@commander-js/extra-typings";
import { groupLags, lagColumns } from "../../cluster/group-lags.ts";
import type { Cli } from "../../tree/cli.ts";

/** `millrace topic lag NAME…`. */
export function topicLag(cli: Cli) {
  return new Command("lag")
    .summary("how far each group is behind in a topic")
    .argument("<names...>")
    .action((names) =>
      cli.withAdmin(async (admin) => {
        const wanted = new Set(names);
        const { groups, errors } = await admin.listGroups({ types: ["classic", "consumer"] });
        for (const [broker, error] of errors) cli.failed(`broker ${broker}`, error);
        const ids = groups.map(({ groupId }) => groupId).toSorted();
        const rows = await groupLags(cli, admin, ids);
        await cli.show(
          rows.filter(({ topic }) => wanted.has(topic)),
          lagColumns,
        );
      }),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  millrace topic lag orders\n  millrace topic lag orders -o json",
    );
}
