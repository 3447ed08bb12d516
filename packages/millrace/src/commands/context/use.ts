import { Command } from "@commander-js/extra-typings";
import { contextFilePath } from "../../connection/context-file.ts";
import { readContexts, writeContexts } from "../../connection/context-store.ts";
import type { Cli } from "../../tree/cli.ts";
import { knownContext } from "./known-context.ts";

/** `millrace context use NAME`: what commands without -c mean from now on. */
export function useContext(cli: Cli) {
  return new Command("use")
    .argument("<name>")
    .summary("choose the cluster that commands without -c mean")
    .action((name) => {
      const path = contextFilePath(cli.context.environment);
      const file = readContexts(path);
      knownContext(file, name);
      writeContexts(path, { ...file, current: name });
      cli.tell(`Context "${name}" is in use.`);
    });
}
