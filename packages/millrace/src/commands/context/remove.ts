import { Command } from "@commander-js/extra-typings";
import { contextFilePath } from "../../connection/context-file.ts";
import { readContexts, writeContexts } from "../../connection/context-store.ts";
import type { Cli } from "../../tree/cli.ts";
import { knownContext } from "./known-context.ts";

/** `millrace context remove NAME`. */
export function removeContext(cli: Cli) {
  return new Command("remove")
    .alias("rm")
    .argument("<name>")
    .summary("forget a context")
    .action((name) => {
      const path = contextFilePath(cli.context.environment);
      const file = readContexts(path);
      knownContext(file, name);
      const others = Object.entries(file.contexts).filter(([other]) => other !== name);
      writeContexts(path, {
        current: file.current === name ? undefined : file.current,
        contexts: Object.fromEntries(others),
      });
      cli.tell(`Context "${name}" is forgotten.`);
    });
}
