import { Command } from "@commander-js/extra-typings";
import type { Cli } from "../../tree/cli.ts";

/** `millrace txn abort ID…`. */
export function abortTransactions(cli: Cli) {
  return new Command("abort")
    .summary("abort open transactions and fence their producers")
    .description("Ends what the transactional ids have open; a producer that uses one is fenced.")
    .argument("<ids...>", "transactional ids")
    .action((ids) =>
      cli.withAdmin(async (admin) => {
        // An id that nobody has used would be made by asking for its end.
        const known = await admin.describeTransactions(ids);
        for (const id of ids) {
          const description = known.get(id);
          try {
            if (description instanceof Error) throw description;
            await admin.forceTerminateTransaction(id);
            cli.tell(`${id} has no open transaction any more.`);
          } catch (error) {
            cli.failed(id, error);
          }
        }
      }),
    )
    .addHelpText("after", "\nExamples:\n  millrace txn abort billing-1");
}
