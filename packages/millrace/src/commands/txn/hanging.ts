import { Command } from "@commander-js/extra-typings";
import type { Column } from "../../output/column.ts";
import type { Cli } from "../../tree/cli.ts";
import { duration } from "../../tree/global-options.ts";
import { findHanging, type HangingRow } from "./find-hanging.ts";

/** Brokers refuse transactions that may be open for longer: transaction.max.timeout.ms. */
const defaultOlderThanMs = 900_000;

const columns: readonly Column<HangingRow>[] = [
  { heading: "TOPIC", value: ({ topic }) => topic },
  { heading: "PARTITION", value: ({ partition }) => partition, isNumber: true },
  { heading: "PRODUCER", value: ({ producerId }) => producerId, isNumber: true },
  { heading: "EPOCH", value: ({ producerEpoch }) => producerEpoch, isNumber: true },
  { heading: "START", value: ({ startOffset }) => startOffset, isNumber: true },
  { heading: "LAST RECORD", value: ({ lastTimestamp }) => new Date(lastTimestamp).toISOString() },
];

/** `millrace txn hanging`. */
export function hangingTransactions(cli: Cli) {
  return new Command("hanging")
    .summary("transactions in partitions that their coordinator has forgotten")
    .argument("[topics...]", "all topics when none is named")
    .option("--older-than <duration>", "without a record for so long", duration, defaultOlderThanMs)
    .option("--execute", "abort them, so that read_committed consumers go on")
    .action((topics, { olderThan, execute }) =>
      cli.withAdmin(async (admin) => {
        const beforeMs = cli.context.clock.nowMs() - olderThan;
        const rows = await findHanging(cli, admin, { topics, beforeMs });
        await cli.show(rows, columns);
        if (execute !== true) return;
        for (const row of rows) {
          try {
            await admin.abortTransaction(row);
            cli.note(`${row.topic}-${row.partition}: aborted`);
          } catch (error) {
            cli.failed(`${row.topic}-${row.partition}`, error);
          }
        }
      }),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  millrace txn hanging\n  millrace txn hanging orders --older-than 1h --execute",
    );
}
