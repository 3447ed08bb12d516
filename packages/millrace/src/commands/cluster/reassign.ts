import { Command } from "@commander-js/extra-typings";
import type { PartitionReassignment } from "@millrace/client";
import { partitionOf } from "../../cluster/group-lags.ts";
import type { Column } from "../../output/column.ts";
import type { Cli } from "../../tree/cli.ts";

type MoveRow = PartitionReassignment & { readonly topic: string; readonly partition: number };

const columns: readonly Column<MoveRow>[] = [
  { heading: "TOPIC", value: ({ topic }) => topic },
  { heading: "PARTITION", value: ({ partition }) => partition, isNumber: true },
  { heading: "REPLICAS", value: ({ replicas }) => replicas.join(",") },
  { heading: "ADDING", value: ({ addingReplicas }) => addingReplicas.join(",") },
  { heading: "REMOVING", value: ({ removingReplicas }) => removingReplicas.join(",") },
];

/** `millrace cluster reassign`. */
export function reassign(cli: Cli) {
  return new Command("reassign").summary("moves of partitions between brokers").addCommand(
    new Command("list")
      .summary("the moves that are under way")
      .action(() =>
        cli.withAdmin(async (admin) => {
          const moves = await admin.listPartitionReassignments();
          const rows = [...moves].map(([key, move]) => ({ ...partitionOf(key), ...move }));
          await cli.show(rows, columns);
        }),
      )
      .addHelpText("after", "\nExamples:\n  millrace cluster reassign list"),
  );
}
