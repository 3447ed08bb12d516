import { Command } from "@commander-js/extra-typings";
import type { DescribedBroker } from "@millrace/client";
import type { Column } from "../../output/column.ts";
import type { Cli } from "../../tree/cli.ts";

type BrokerRow = DescribedBroker & { readonly isController: boolean };

const columns: readonly Column<BrokerRow>[] = [
  { heading: "ID", value: ({ id }) => id, isNumber: true },
  { heading: "ADDRESS", value: ({ host, port }) => `${host}:${port}` },
  { heading: "RACK", value: ({ rack }) => rack },
  { heading: "CONTROLLER", value: ({ isController }) => (isController ? "yes" : "") },
  { heading: "FENCED", value: ({ isFenced }) => isFenced, isWide: true },
];

/** `millrace cluster brokers`. */
export function listBrokers(cli: Cli) {
  return new Command("brokers")
    .summary("the brokers there are")
    .option("--fenced", "also those that are known but do not serve")
    .action(({ fenced }) =>
      cli.withAdmin(async (admin) => {
        const options = { includeFencedBrokers: fenced === true };
        const { brokers, controllerId } = await admin.describeCluster(options);
        const rows = brokers.map((one) => ({ ...one, isController: one.id === controllerId }));
        await cli.show(
          rows.toSorted((left, right) => left.id - right.id),
          columns,
        );
      }),
    )
    .addHelpText("after", "\nExamples:\n  millrace cluster brokers --fenced -o wide");
}
