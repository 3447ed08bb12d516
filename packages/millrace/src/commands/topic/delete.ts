import { Command } from "@commander-js/extra-typings";
import { settled } from "../../cluster/settled.ts";
import type { Cli } from "../../tree/cli.ts";

/** `millrace topic delete NAME…`. */
export function deleteTopics(cli: Cli) {
  return new Command("delete")
    .alias("rm")
    .summary("delete topics with their records")
    .argument("<names...>")
    .option("--dry-run", "say what would be deleted, and do nothing")
    .action((names, { dryRun }) =>
      cli.withAdmin(async (admin) => {
        if (dryRun === true) {
          for (const [name, { partitions }] of settled(cli, await admin.describeTopics(names))) {
            cli.tell(`${name} would be deleted with ${partitions.length} partitions.`);
          }
          return;
        }
        for (const [name] of settled(cli, await admin.deleteTopics(names))) {
          cli.tell(`${name} is deleted.`);
        }
      }),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  millrace topic delete orders-old\n  millrace topic delete a b c --dry-run",
    );
}
