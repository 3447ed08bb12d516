import { Command } from "@commander-js/extra-typings";
import { settled } from "../../cluster/settled.ts";
import { offsetGrammar } from "../../offsets/offset-range.ts";
import type { Column } from "../../output/column.ts";
import type { Cli } from "../../tree/cli.ts";
import { collect } from "../../tree/global-options.ts";
import { UsageError } from "../../usage-error.ts";
import { type PlannedOffset, planOffsets } from "./plan-offsets.ts";
import { wholeNumber } from "./whole-number.ts";

const columns: readonly Column<PlannedOffset>[] = [
  { heading: "TOPIC", value: ({ topic }) => topic },
  { heading: "PARTITION", value: ({ partition }) => partition, isNumber: true },
  { heading: "FROM", value: ({ from }) => from, isNumber: true },
  { heading: "TO", value: ({ to }) => to, isNumber: true },
  {
    heading: "CHANGE",
    value: ({ from, to }) => (from === undefined ? undefined : signed(to - from)),
    isNumber: true,
  },
];

/** `millrace group reset NAME`. */
export function resetGroup(cli: Cli) {
  return new Command("reset")
    .summary("where a group goes on reading; shows the plan until --execute")
    .argument("<group>", "a group without members")
    .option("--to <offset>", "an offset or a time: see below")
    .option("--from-group <id>", "where another group is")
    .option("--shift-by <records>", "so many on, or back when negative", wholeNumber)
    .option(
      "-t, --topic <name[:0,3,5-7]>",
      "these topics or partitions alone; all that the group has committed when not given",
      collect,
    )
    .option("--dry-run", "show what would be done; so it is without --execute")
    .option("--execute", "do it")
    .action((group, options) => {
      const { to, fromGroup, shiftBy } = options;
      const targets = [to, fromGroup, shiftBy].filter((one) => one !== undefined);
      if (targets.length !== 1) {
        throw new UsageError("group reset: say where: one of --to, --from-group, --shift-by");
      }
      if (options.execute === true && options.dryRun === true) {
        throw new UsageError("group reset: choose one of --dry-run and --execute");
      }
      return cli.withAdmin(async (admin) => {
        const nowMs = cli.context.clock.nowMs();
        const target = { to, fromGroup, shiftBy, topics: options.topic, nowMs };
        const plan = await planOffsets(admin, group, target);
        if (options.execute !== true) {
          cli.note("This is the plan; --execute carries it out.");
          return cli.show(plan, columns);
        }
        const wanted = plan.map(({ topic, partition, to: offset }) => ({
          topic,
          partition,
          offset,
        }));
        const outcomes = await admin.alterConsumerGroupOffsets(group, wanted);
        const done = new Set(settled(cli, outcomes).map(([key]) => key));
        const rows = plan.filter(({ topic, partition }) => done.has(`${topic}-${partition}`));
        return cli.show(rows, columns);
      });
    })
    .addHelpText(
      "after",
      `
${offsetGrammar}

Examples:
  millrace group reset billing --to start
  millrace group reset billing --to @2026-11-23T10:00:00Z --topic orders:0,1 --execute
  millrace group reset billing --shift-by -100 --execute
  millrace group reset billing-2 --from-group billing --execute`,
    );
}

function signed(change: bigint): string {
  return change > 0n ? `+${change}` : String(change);
}
