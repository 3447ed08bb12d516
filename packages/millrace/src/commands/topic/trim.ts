import { Command } from "@commander-js/extra-typings";
import { adminOffsets } from "../../cluster/admin-offsets.ts";
import { settled } from "../../cluster/settled.ts";
import { offsetGrammar, parseOffsetPoint } from "../../offsets/offset-range.ts";
import { resolveRange } from "../../offsets/resolve-range.ts";
import type { Column } from "../../output/column.ts";
import type { Cli } from "../../tree/cli.ts";
import { partitionList } from "../consume/partition-list.ts";

interface TrimRow {
  readonly topic: string;
  readonly partition: number;
  readonly startOffset: bigint;
}

const columns: readonly Column<TrimRow>[] = [
  { heading: "TOPIC", value: ({ topic }) => topic },
  { heading: "PARTITION", value: ({ partition }) => partition, isNumber: true },
  { heading: "START", value: ({ startOffset }) => startOffset, isNumber: true },
];

/** `millrace topic trim NAME… --to OFFSET`. */
export function trimTopics(cli: Cli) {
  return new Command("trim")
    .summary("delete the records before an offset or a time")
    .argument("<names...>")
    .requiredOption("--to <offset>", "what the topic shall begin with: see below")
    .option("-p, --partition <list>", "these partitions alone: 0,3,5-7", partitionList)
    .option("--dry-run", "show where it would begin, and do nothing")
    .action((names, { to, partition: chosen, dryRun }) => {
      const point = parseOffsetPoint(to, cli.context.clock.nowMs());
      return cli.withAdmin(async (admin) => {
        const partitions = settled(cli, await admin.describeTopics(names)).flatMap(([, topic]) =>
          topic.partitions
            .filter(({ partition }) => chosen?.includes(partition) !== false)
            .map(({ partition }) => ({ topic: topic.name, partition })),
        );
        const range = { from: point, to: undefined };
        const spans = await resolveRange(range, partitions, adminOffsets(admin));
        const planned = spans.map(({ topic, partition, from }) => ({
          topic,
          partition,
          startOffset: BigInt(from),
        }));
        if (dryRun === true) {
          cli.note("Nothing was deleted: --dry-run.");
          return cli.show(planned, columns);
        }
        const asked = planned.map((one) => ({ ...one, beforeOffset: one.startOffset }));
        const outcomes = new Map(settled(cli, await admin.deleteRecords(asked)));
        const rows = planned.flatMap(({ topic, partition }) => {
          const deleted = outcomes.get(`${topic}-${partition}`);
          return deleted === undefined
            ? []
            : [{ topic, partition, startOffset: deleted.lowWatermark }];
        });
        return cli.show(rows, columns);
      });
    })
    .addHelpText(
      "after",
      `
${offsetGrammar}

Examples:
  millrace topic trim orders --to @-7d --dry-run
  millrace topic trim orders --to end -p 0`,
    );
}
