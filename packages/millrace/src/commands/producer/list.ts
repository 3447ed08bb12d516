import { Command } from "@commander-js/extra-typings";
import type { ProducerDescription } from "@millrace/client";
import { partitionOf } from "../../cluster/group-lags.ts";
import { settled } from "../../cluster/settled.ts";
import type { Column } from "../../output/column.ts";
import type { Cli } from "../../tree/cli.ts";
import { topicChoice } from "../group/topic-choice.ts";

type ProducerRow = ProducerDescription & { readonly topic: string; readonly partition: number };

const columns: readonly Column<ProducerRow>[] = [
  { heading: "TOPIC", value: ({ topic }) => topic },
  { heading: "PARTITION", value: ({ partition }) => partition, isNumber: true },
  { heading: "PRODUCER", value: ({ producerId }) => producerId, isNumber: true },
  { heading: "EPOCH", value: ({ producerEpoch }) => producerEpoch, isNumber: true },
  { heading: "SEQUENCE", value: ({ lastSequence }) => lastSequence, isNumber: true },
  { heading: "LAST RECORD", value: ({ lastTimestamp }) => new Date(lastTimestamp).toISOString() },
  {
    heading: "TRANSACTION START",
    value: ({ currentTransactionStartOffset }) => currentTransactionStartOffset,
    isNumber: true,
  },
  {
    heading: "COORDINATOR EPOCH",
    value: ({ coordinatorEpoch }) => coordinatorEpoch,
    isNumber: true,
    isWide: true,
  },
];

/** `millrace producer list TOPIC…`. */
export function listProducers(cli: Cli) {
  return new Command("list")
    .alias("ls")
    .summary("idempotent and transactional producers of partitions")
    .argument("<topics...>", "topics or partitions: orders, orders:0,3")
    .action((topics) =>
      cli.withAdmin(async (admin) => {
        const choices = topics.map(topicChoice);
        const described = await admin.describeTopics(choices.map(({ topic }) => topic));
        const known = new Map(settled(cli, described));
        const partitions = choices.flatMap(({ topic, partitions: chosen }) =>
          (known.get(topic)?.partitions ?? [])
            .filter(({ partition }) => chosen?.includes(partition) !== false)
            .map(({ partition }) => ({ topic, partition })),
        );
        const outcomes = await admin.describeProducers(partitions);
        const rows = settled(cli, outcomes).flatMap(([key, producers]) =>
          producers.map((one) => ({ ...partitionOf(key), ...one })),
        );
        await cli.show(rows, columns);
      }),
    )
    .addHelpText("after", "\nExamples:\n  millrace producer list orders:0 -o wide");
}
