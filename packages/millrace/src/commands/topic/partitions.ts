import { Command } from "@commander-js/extra-typings";
import { type PartitionFacts, partitionFacts } from "../../cluster/partition-facts.ts";
import { settled } from "../../cluster/settled.ts";
import type { Column } from "../../output/column.ts";
import { sizeText } from "../../output/size-text.ts";
import type { Cli } from "../../tree/cli.ts";

/** How partitions are shown. */
export const partitionColumns: readonly Column<PartitionFacts>[] = [
  { heading: "TOPIC", value: ({ topic }) => topic },
  { heading: "PARTITION", value: ({ partition }) => partition, isNumber: true },
  { heading: "LEADER", value: ({ leader }) => leader ?? "none", isNumber: true },
  { heading: "REPLICAS", value: ({ replicas }) => replicas.join(",") },
  { heading: "IN SYNC", value: ({ inSyncReplicas }) => inSyncReplicas.join(",") },
  { heading: "START", value: ({ startOffset }) => startOffset, isNumber: true },
  { heading: "END", value: ({ endOffset }) => endOffset, isNumber: true },
  { heading: "SIZE", value: ({ sizeBytes }) => sizeText(sizeBytes), isNumber: true },
  { heading: "OFFSETS", value: ({ offsetCount }) => offsetCount, isNumber: true, isWide: true },
  { heading: "EPOCH", value: ({ leaderEpoch }) => leaderEpoch, isNumber: true, isWide: true },
  { heading: "OFFLINE", value: ({ offlineReplicas }) => offlineReplicas.join(","), isWide: true },
];

/** `millrace topic partitions NAME…`. */
export function listPartitions(cli: Cli) {
  return new Command("partitions")
    .summary("each partition: leader, replicas, offsets, size")
    .argument("[names...]", "all topics when none is named")
    .option("--under-replicated", "only those with replicas that are behind or offline")
    .option("--offline", "only those without a leader")
    .action((names, { underReplicated, offline }) =>
      cli.withAdmin(async (admin) => {
        const chosen = names.length > 0 ? names : [...(await admin.listTopics()).keys()].toSorted();
        const topics = settled(cli, await admin.describeTopics(chosen)).map(([, topic]) => topic);
        const rows = await partitionFacts(admin, topics);
        const shown = rows.filter(
          (row) =>
            (underReplicated !== true || row.inSyncReplicas.length < row.replicas.length) &&
            (offline !== true || row.leader === undefined),
        );
        await cli.show(shown, partitionColumns);
      }),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  millrace topic partitions orders\n  millrace topic partitions --under-replicated",
    );
}
