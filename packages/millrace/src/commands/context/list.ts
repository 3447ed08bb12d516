import { Command } from "@commander-js/extra-typings";
import { contextFilePath } from "../../connection/context-file.ts";
import { readContexts } from "../../connection/context-store.ts";
import type { Column } from "../../output/column.ts";
import type { Cli } from "../../tree/cli.ts";

interface ContextRow {
  readonly name: string;
  readonly isCurrent: boolean;
  readonly bootstrap: string;
  readonly protocol: string;
}

const columns: readonly Column<ContextRow>[] = [
  { heading: "NAME", value: ({ name }) => name },
  { heading: "IN USE", value: ({ isCurrent }) => (isCurrent ? "yes" : "") },
  { heading: "BOOTSTRAP", value: ({ bootstrap }) => bootstrap },
  { heading: "PROTOCOL", value: ({ protocol }) => protocol },
];

/** `millrace context list`. */
export function listContexts(cli: Cli) {
  return new Command("list")
    .alias("ls")
    .summary("the contexts, and which one is in use")
    .action(async () => {
      const { current, contexts } = readContexts(contextFilePath(cli.context.environment));
      const rows = Object.entries(contexts).map(([name, { properties }]) => ({
        name,
        isCurrent: name === current,
        bootstrap: properties["bootstrap.servers"] ?? "",
        protocol: properties["security.protocol"] ?? "PLAINTEXT",
      }));
      await cli.show(rows, columns);
    });
}
