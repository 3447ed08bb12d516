import { Command } from "@commander-js/extra-typings";
import type { Admin } from "@millrace/client";
import { partitionOf } from "../../cluster/group-lags.ts";
import { settled } from "../../cluster/settled.ts";
import type { Column } from "../../output/column.ts";
import type { Cli } from "../../tree/cli.ts";

interface SharePartition {
  readonly topic: string;
  readonly partition: number;
  /** Undefined before the group has read from it. */
  readonly startOffset: bigint | undefined;
  readonly lag: bigint | undefined;
}

interface ShareFacts {
  readonly group: string;
  readonly state: string;
  readonly assignor: string;
  readonly epoch: number;
  readonly memberCount: number;
  readonly partitions: readonly SharePartition[];
}

const columns: readonly Column<SharePartition>[] = [
  { heading: "TOPIC", value: ({ topic }) => topic },
  { heading: "PARTITION", value: ({ partition }) => partition, isNumber: true },
  { heading: "START", value: ({ startOffset }) => startOffset, isNumber: true },
  { heading: "LAG", value: ({ lag }) => lag, isNumber: true },
];

/** `millrace share describe NAME…`. */
export function describeShares(cli: Cli) {
  return new Command("describe")
    .summary("share groups with their state, and where they are")
    .argument("<groups...>")
    .action((groups) =>
      cli.withAdmin(async (admin) => {
        const facts = await factsOf(cli, admin, groups);
        if (cli.format === "csv") {
          await cli.show(
            facts.flatMap(({ partitions }) => partitions),
            columns,
          );
        } else if (cli.format === "table" || cli.format === "wide") {
          for (const one of facts) await showShare(cli, one);
        } else {
          await cli.show(facts, [{ heading: "GROUP", value: ({ group }) => group }]);
        }
      }),
    )
    .addHelpText("after", "\nExamples:\n  millrace share describe workers -o json");
}

async function factsOf(
  cli: Cli,
  admin: Admin,
  groups: readonly string[],
): Promise<readonly ShareFacts[]> {
  const described = settled(cli, await admin.describeShareGroups(groups));
  const wanted = new Map(described.map(([group]) => [group, "all"] as const));
  const offsets = new Map(settled(cli, await admin.listShareGroupOffsets(wanted)));
  return described.map(([group, { state, assignor, groupEpoch, members }]) => ({
    group,
    state,
    assignor,
    epoch: groupEpoch,
    memberCount: members.length,
    partitions: settled(cli, offsets.get(group) ?? new Map<`${string}-${number}`, never>())
      .map(([key, { startOffset, lag }]) => ({ ...partitionOf(key), startOffset, lag }))
      .toSorted((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition),
  }));
}

async function showShare(cli: Cli, share: ShareFacts): Promise<void> {
  await cli.showFields(share, [
    ["Group", share.group],
    ["State", share.state],
    ["Assignor", share.assignor],
    ["Epoch", String(share.epoch)],
    ["Members", String(share.memberCount)],
  ]);
  cli.context.print("\n");
  await cli.show(share.partitions, columns);
  cli.context.print("\n");
}
