import { Command } from "@commander-js/extra-typings";
import { exitCodes } from "../../exit-codes.ts";
import type { Column } from "../../output/column.ts";
import { treeCommand } from "../../tree/tree-command.ts";
import { type Finding, findings } from "./findings.ts";

const columns: readonly Column<Finding>[] = [
  { heading: "CHECK", value: ({ check }) => check },
  { heading: "GOOD", value: ({ isGood }) => (isGood ? "yes" : "NO") },
  { heading: "FOUND", value: ({ found }) => found },
];

/** `millrace doctor`: why it does not work. */
export const doctorCommand = treeCommand((cli) =>
  new Command("doctor")
    .summary("why a cluster cannot be reached, and what else is odd")
    .description(
      "Looks at Node, at the brokers that are configured, and at every address that the cluster " +
        "tells its clients. Ends with 1 when something is wrong.",
    )
    .action(async () => {
      const found = await findings(cli);
      await cli.show(found, columns);
      if (found.some(({ isGood }) => !isGood)) cli.exitCode = exitCodes.failed;
    })
    .addHelpText("after", "\nExamples:\n  millrace doctor -b kafka.example:9092"),
);
