import { Command } from "@commander-js/extra-typings";
import type { Admin, ConsumerGroupDescription } from "@millrace/client";
import { groupLags, lagColumns, type LagRow } from "../../cluster/group-lags.ts";
import { settled } from "../../cluster/settled.ts";
import type { Cli } from "../../tree/cli.ts";

interface GroupFacts {
  readonly group: string;
  readonly type: string;
  readonly state: string;
  readonly assignor: string;
  readonly epoch: number | undefined;
  readonly memberCount: number;
  readonly lag: bigint;
  readonly members: ConsumerGroupDescription["members"];
  readonly partitions: readonly LagRow[];
}

/** `millrace group describe NAME…`. */
export function describeGroups(cli: Cli) {
  return new Command("describe")
    .summary("groups of consumers with their state, members and lags")
    .argument("<groups...>")
    .action((groups) =>
      cli.withAdmin(async (admin) => {
        const facts = await factsOf(cli, admin, groups);
        if (cli.format === "table" || cli.format === "wide") {
          for (const one of facts) await showGroup(cli, one);
        } else if (cli.format === "csv") {
          const rows = facts.flatMap(({ partitions }) => partitions);
          await cli.show(rows, lagColumns);
        } else {
          await cli.show(facts, [{ heading: "GROUP", value: ({ group }) => group }]);
        }
      }),
    )
    .addHelpText(
      "after",
      "\nShare groups: millrace share describe.\n\nExamples:\n  millrace group describe billing\n  millrace group describe billing -o yaml",
    );
}

async function factsOf(
  cli: Cli,
  admin: Admin,
  groups: readonly string[],
): Promise<readonly GroupFacts[]> {
  const described = settled(cli, await admin.describeConsumerGroups(groups));
  const names = described.map(([group]) => group);
  const lags = await groupLags(cli, admin, names);
  return described.map(([group, { type, state, assignor, groupEpoch, members }]) => {
    const partitions = lags.filter((one) => one.group === group);
    return {
      group,
      type,
      state,
      assignor,
      epoch: groupEpoch,
      memberCount: members.length,
      lag: partitions.reduce((sum, { lag = 0n }) => sum + lag, 0n),
      members,
      partitions,
    };
  });
}

async function showGroup(cli: Cli, group: GroupFacts): Promise<void> {
  await cli.showFields(group, [
    ["Group", group.group],
    ["Type", group.type],
    ["State", group.state],
    ["Assignor", group.assignor === "" ? "-" : group.assignor],
    ["Epoch", String(group.epoch ?? "-")],
    ["Members", String(group.memberCount)],
    ["Lag", String(group.lag)],
  ]);
  cli.context.print("\n");
  await cli.show(group.partitions, lagColumns.slice(1));
  cli.context.print("\n");
}
