import { Command } from "@commander-js/extra-typings";
import { settled } from "../../cluster/settled.ts";
import type { Cli } from "../../tree/cli.ts";
import { collect } from "../../tree/global-options.ts";

/** `millrace group delete NAME…`. */
export function deleteGroups(cli: Cli) {
  return new Command("delete")
    .alias("rm")
    .summary("delete groups without members, or what they committed for topics")
    .argument("<groups...>")
    .option("--topic <name>", "only what was committed for this topic", collect)
    .action((groups, { topic: topics }) =>
      cli.withAdmin(async (admin) => {
        if (topics === undefined) {
          // DeleteGroups is the same for all types of groups.
          const outcomes = await admin.deleteConsumerGroups(groups);
          for (const [group] of settled(cli, outcomes)) cli.tell(`${group} is deleted.`);
          return;
        }
        const asked = new Map(groups.map((group) => [group, "all"] as const));
        for (const [group, offsets] of settled(cli, await admin.listConsumerGroupOffsets(asked))) {
          const partitions = [...offsets.keys()].flatMap((key) => {
            const dash = key.lastIndexOf("-");
            const topic = key.slice(0, dash);
            return topics.includes(topic)
              ? [{ topic, partition: Number(key.slice(dash + 1)) }]
              : [];
          });
          const outcomes = await admin.deleteConsumerGroupOffsets(group, partitions);
          const count = settled(cli, outcomes, (key) => `${group}, ${key}`).length;
          cli.tell(`${group} has forgotten ${count} partitions.`);
        }
      }),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  millrace group delete billing-old\n  millrace group delete billing --topic orders",
    );
}
