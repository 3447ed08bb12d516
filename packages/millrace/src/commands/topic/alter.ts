import { Command } from "@commander-js/extra-typings";
import type { ConfigChange } from "@millrace/client";
import { settled } from "../../cluster/settled.ts";
import type { Cli } from "../../tree/cli.ts";
import { collect, count } from "../../tree/global-options.ts";
import { pairs } from "../../tree/pairs.ts";
import { UsageError } from "../../usage-error.ts";

/** `millrace topic alter NAME…`. */
export function alterTopics(cli: Cli) {
  return new Command("alter")
    .summary("change configurations, add partitions")
    .argument("<names...>")
    .option("--config <key=value>", "set a configuration", pairs)
    .option("--unset <key>", "back to what the brokers have", collect)
    .option("-p, --partitions <count>", "so many partitions in all; never fewer", count)
    .option("--dry-run", "ask whether it could be done, and do nothing")
    .action((names, { config = {}, unset = [], partitions, dryRun = false }) => {
      const changes: readonly ConfigChange[] = [
        ...Object.entries(config).map(([name, value]) => ({ name, op: "set", value }) as const),
        ...unset.map((name) => ({ name, op: "delete" }) as const),
      ];
      if (changes.length === 0 && partitions === undefined) {
        throw new UsageError("topic alter: say what: --config, --unset or --partitions");
      }
      const would = dryRun ? "could be" : "is";
      return cli.withAdmin(async (admin) => {
        const options = { validateOnly: dryRun };
        if (changes.length > 0) {
          const alterations = names.map((name) => ({ type: "topic", name, changes }) as const);
          const outcomes = await admin.incrementalAlterConfigs(alterations, options);
          for (const [key] of settled(cli, outcomes)) cli.tell(`${key} ${would} altered.`);
        }
        if (partitions === undefined) return;
        const wanted = Object.fromEntries(names.map((name) => [name, { totalCount: partitions }]));
        for (const [name] of settled(cli, await admin.createPartitions(wanted, options))) {
          const has = dryRun ? "could have" : "has";
          cli.tell(`${name} ${has} ${partitions} partitions.`);
        }
      });
    })
    .addHelpText(
      "after",
      "\nExamples:\n  millrace topic alter orders --config retention.ms=3600000 --unset segment.bytes\n  millrace topic alter orders -p 12",
    );
}
