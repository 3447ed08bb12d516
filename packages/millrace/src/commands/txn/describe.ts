import { Command } from "@commander-js/extra-typings";
import type { TransactionDescription } from "@millrace/client";
import { settled } from "../../cluster/settled.ts";
import type { Column } from "../../output/column.ts";
import type { Cli } from "../../tree/cli.ts";

const columns: readonly Column<TransactionDescription>[] = [
  { heading: "TRANSACTIONAL ID", value: ({ transactionalId }) => transactionalId },
  { heading: "STATE", value: ({ state }) => state },
  { heading: "PRODUCER", value: ({ producerId }) => producerId, isNumber: true },
  { heading: "EPOCH", value: ({ producerEpoch }) => producerEpoch, isNumber: true },
  { heading: "TIMEOUT", value: ({ timeoutMs }) => `${timeoutMs} ms`, isNumber: true },
  {
    heading: "SINCE",
    value: ({ startTimestamp }) =>
      startTimestamp === undefined ? undefined : new Date(startTimestamp).toISOString(),
  },
  {
    heading: "PARTITIONS",
    value: ({ partitions }) =>
      partitions.map(({ topic, partition }) => `${topic}-${partition}`).join(" "),
  },
  { heading: "COORDINATOR", value: ({ coordinator }) => coordinator, isNumber: true, isWide: true },
];

/** `millrace txn describe ID…`. */
export function describeTransactions(cli: Cli) {
  return new Command("describe")
    .summary("transactions with their producer and partitions")
    .argument("<ids...>", "transactional ids")
    .action((ids) =>
      cli.withAdmin(async (admin) => {
        const outcomes = await admin.describeTransactions(ids);
        await cli.show(
          settled(cli, outcomes).map(([, one]) => one),
          columns,
        );
      }),
    )
    .addHelpText("after", "\nExamples:\n  millrace txn describe billing-1 -o json");
}
