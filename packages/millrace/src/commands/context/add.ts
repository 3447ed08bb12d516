import { Command } from "@commander-js/extra-typings";
import { contextFilePath } from "../../connection/context-file.ts";
import { readContexts, writeContexts } from "../../connection/context-store.ts";
import type { Cli } from "../../tree/cli.ts";

/** `millrace context add NAME`: keeps what the options say under a name. */
export function addContext(cli: Cli) {
  return new Command("add")
    .argument("<name>", "how -c shall call it")
    .summary("keep a cluster under a name")
    .description(
      "Keeps the brokers and the configuration that -b, -X and --command-config give. An existing " +
        "context of that name is replaced.",
    )
    .option("--use", "make it the one in use")
    .action((name, { use }) => {
      const path = contextFilePath(cli.context.environment);
      const { current, contexts } = readContexts(path);
      const isFirst = Object.keys(contexts).length === 0;
      writeContexts(path, {
        current: use === true || isFirst ? name : current,
        contexts: { ...contexts, [name]: { properties: cli.givenProperties() } },
      });
      cli.tell(`Context "${name}" is kept in ${path}.`);
    });
}
