import { Command } from "@commander-js/extra-typings";
import { settled } from "../../cluster/settled.ts";
import type { Cli } from "../../tree/cli.ts";
import { collect } from "../../tree/global-options.ts";

/** `millrace share delete NAME…`. */
export function deleteShares(cli: Cli) {
  return new Command("delete")
    .alias("rm")
    .summary("delete share groups without members, or let them forget topics")
    .argument("<groups...>")
    .option("--topic <name>", "only what is known of this topic", collect)
    .action((groups, { topic: topics }) =>
      cli.withAdmin(async (admin) => {
        if (topics === undefined) {
          const outcomes = await admin.deleteShareGroups(groups);
          for (const [group] of settled(cli, outcomes)) cli.tell(`${group} is deleted.`);
          return;
        }
        for (const group of groups) {
          const outcomes = await admin.deleteShareGroupOffsets(group, topics);
          for (const [topic] of settled(cli, outcomes, (name) => `${group}, ${name}`)) {
            cli.tell(`${group} has forgotten ${topic}.`);
          }
        }
      }),
    )
    .addHelpText("after", "\nExamples:\n  millrace share delete workers");
}
