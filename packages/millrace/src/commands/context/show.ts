import { Command } from "@commander-js/extra-typings";
import { contextFilePath } from "../../connection/context-file.ts";
import { readContexts } from "../../connection/context-store.ts";
import { maskSecrets } from "../../connection/mask-secrets.ts";
import type { Cli } from "../../tree/cli.ts";
import { knownContext } from "./known-context.ts";

/** `millrace context show NAME`: a context's configuration, without its secrets. */
export function showContext(cli: Cli) {
  return new Command("show")
    .argument("<name>")
    .summary("a context's configuration, secrets hidden")
    .action(async (name) => {
      const file = readContexts(contextFilePath(cli.context.environment));
      const properties = maskSecrets(knownContext(file, name).properties);
      await cli.showFields({ name, properties }, Object.entries(properties));
    });
}
