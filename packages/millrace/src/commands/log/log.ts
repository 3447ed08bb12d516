import { Command } from "@commander-js/extra-typings";
import { exitCodes } from "../../exit-codes.ts";
import type { Column } from "../../output/column.ts";
import { treeCommand } from "../../tree/tree-command.ts";
import type { BatchFacts } from "./batch-facts.ts";
import { printRecords, readBatches } from "./segment-file.ts";

const columns: readonly Column<BatchFacts>[] = [
  { heading: "BASE", value: ({ baseOffset }) => baseOffset, isNumber: true },
  { heading: "LAST", value: ({ lastOffset }) => lastOffset, isNumber: true },
  { heading: "RECORDS", value: ({ recordCount }) => recordCount, isNumber: true },
  { heading: "SIZE", value: ({ sizeBytes }) => sizeBytes, isNumber: true },
  { heading: "POSITION", value: ({ position }) => position, isNumber: true },
  { heading: "CODEC", value: ({ codec }) => codec },
  { heading: "PRODUCER", value: ({ producerId }) => producerId, isNumber: true },
  { heading: "TRANSACTION", value: ({ transaction }) => transaction },
  { heading: "CHECKSUM", value: ({ isChecksumGood }) => (isChecksumGood ? "good" : "BAD") },
  { heading: "EPOCH", value: ({ leaderEpoch }) => leaderEpoch, isNumber: true, isWide: true },
  { heading: "SEQUENCE", value: ({ baseSequence }) => baseSequence, isNumber: true, isWide: true },
  { heading: "TIMESTAMP", value: ({ maxTimestamp }) => maxTimestamp, isNumber: true, isWide: true },
];

/** `millrace log`: segment files, without a broker. */
export const logCommand = treeCommand((cli) =>
  new Command("log")
    .summary("segment files, without a broker: dump, verify")
    .addCommand(
      new Command("dump")
        .summary("the batches of segment files, or their records")
        .argument("<files...>", "…/orders-0/00000000000000000000.log")
        .option("-r, --records", "NDJSON of the records, as consume --json writes them")
        .action(async (files, { records }) => {
          for (const file of files) {
            if (records === true) {
              await printRecords(cli, file);
              continue;
            }
            const { batches, failure } = await readBatches(file);
            await cli.show(batches, columns);
            if (failure !== undefined) cli.failed(file, new Error(failure));
          }
        })
        .addHelpText("after", "\nExamples:\n  millrace log dump orders-0/*.log -o wide"),
    )
    .addCommand(
      new Command("verify")
        .summary("whether every batch is whole, in order and has the right checksum")
        .argument("<files...>")
        .action(async (files) => {
          for (const file of files) {
            const { batches, failure } = await readBatches(file);
            const bad = batches.find(({ isChecksumGood }) => !isChecksumGood);
            const wrong = failure ?? (bad && `the checksum is wrong at byte ${bad.position}`);
            if (wrong === undefined) {
              const recordCount = batches.reduce((sum, one) => sum + one.recordCount, 0);
              cli.tell(`${file}: ${batches.length} batches, ${recordCount} records, all good`);
            } else {
              cli.note(`${file}: ${wrong}`);
              cli.exitCode = exitCodes.failed;
            }
          }
        })
        .addHelpText("after", "\nExamples:\n  millrace log verify millrace-data/*/*.log"),
    )
    .addHelpText("after", "\nExamples:\n  millrace log dump FILE --records | head"),
);
