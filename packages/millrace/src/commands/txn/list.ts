import { Command, Option } from "@commander-js/extra-typings";
import type { TransactionListing, TransactionState } from "@millrace/client";
import { settled } from "../../cluster/settled.ts";
import type { Column } from "../../output/column.ts";
import type { Cli } from "../../tree/cli.ts";
import { duration } from "../../tree/global-options.ts";

const states: readonly TransactionState[] = [
  "Empty",
  "Ongoing",
  "PrepareCommit",
  "PrepareAbort",
  "CompleteCommit",
  "CompleteAbort",
  "PrepareEpochFence",
  "Dead",
];

type TransactionRow = TransactionListing & { readonly coordinator: number };

const columns: readonly Column<TransactionRow>[] = [
  { heading: "TRANSACTIONAL ID", value: ({ transactionalId }) => transactionalId },
  { heading: "STATE", value: ({ state }) => state },
  { heading: "PRODUCER", value: ({ producerId }) => producerId, isNumber: true },
  { heading: "COORDINATOR", value: ({ coordinator }) => coordinator, isNumber: true },
];

/** `millrace txn list`. */
export function listTransactions(cli: Cli) {
  return new Command("list")
    .alias("ls")
    .summary("transactional ids and what they do")
    .addOption(new Option("--state <state>", "only in this state").choices(states))
    .option("--older-than <duration>", "only those open for longer", duration)
    .option("--match <pattern>", "an expression that the whole transactional id matches")
    .action(({ state, olderThan, match }) =>
      cli.withAdmin(async (admin) => {
        const outcomes = await admin.listTransactions({
          states: state === undefined ? undefined : states.filter((one) => one === state),
          olderThanMs: olderThan,
          transactionalIdPattern: match,
        });
        const rows = settled(cli, outcomes, (id) => `broker ${id}`).flatMap(([coordinator, some]) =>
          some.map((one) => ({ ...one, coordinator })),
        );
        await cli.show(
          rows.toSorted((a, b) => a.transactionalId.localeCompare(b.transactionalId)),
          columns,
        );
      }),
    )
    .addHelpText("after", "\nExamples:\n  millrace txn list --state Ongoing --older-than 10m");
}
