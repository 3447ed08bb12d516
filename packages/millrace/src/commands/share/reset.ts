import { Command } from "@commander-js/extra-typings";
import { adminOffsets } from "../../cluster/admin-offsets.ts";
import { settled } from "../../cluster/settled.ts";
import { offsetGrammar, parseOffsetPoint } from "../../offsets/offset-range.ts";
import { resolveRange } from "../../offsets/resolve-range.ts";
import type { Column } from "../../output/column.ts";
import type { Cli } from "../../tree/cli.ts";
import { collect } from "../../tree/global-options.ts";
import { topicChoice } from "../group/topic-choice.ts";

interface ShareStart {
  readonly topic: string;
  readonly partition: number;
  readonly startOffset: bigint;
}

const columns: readonly Column<ShareStart>[] = [
  { heading: "TOPIC", value: ({ topic }) => topic },
  { heading: "PARTITION", value: ({ partition }) => partition, isNumber: true },
  { heading: "START", value: ({ startOffset }) => startOffset, isNumber: true },
];

/** `millrace share reset NAME`. */
export function resetShare(cli: Cli) {
  return new Command("reset")
    .summary("where a share group goes on; shows the plan until --execute")
    .argument("<group>", "a share group without members")
    .requiredOption("--to <offset>", "an offset or a time: see below")
    .requiredOption("-t, --topic <name[:0,3,5-7]>", "topics or partitions", collect)
    .option("--dry-run", "show what would be done; so it is without --execute")
    .option("--execute", "do it")
    .action((group, { to, topic: topics, execute }) => {
      const from = parseOffsetPoint(to, cli.context.clock.nowMs());
      return cli.withAdmin(async (admin) => {
        const choices = topics.map(topicChoice);
        const described = await admin.describeTopics(choices.map(({ topic }) => topic));
        const known = new Map(settled(cli, described));
        const partitions = choices.flatMap(({ topic, partitions: chosen }) =>
          (known.get(topic)?.partitions ?? [])
            .filter(({ partition }) => chosen?.includes(partition) !== false)
            .map(({ partition }) => ({ topic, partition })),
        );
        const spans = await resolveRange({ from, to: undefined }, partitions, adminOffsets(admin));
        const plan = spans.map(({ topic, partition, from: offset }) => ({
          topic,
          partition,
          startOffset: BigInt(offset),
        }));
        if (execute !== true) {
          cli.note("This is the plan; --execute carries it out.");
          return cli.show(plan, columns);
        }
        const done = new Set(
          settled(cli, await admin.alterShareGroupOffsets(group, plan)).map(([key]) => key),
        );
        const rows = plan.filter(({ topic, partition }) => done.has(`${topic}-${partition}`));
        return cli.show(rows, columns);
      });
    })
    .addHelpText(
      "after",
      `
${offsetGrammar}

Examples:
  millrace share reset workers --topic jobs --to start
  millrace share reset workers --topic jobs:0 --to @-1h --execute`,
    );
}
