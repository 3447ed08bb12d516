import { Command } from "@commander-js/extra-typings";
import { onlyValue } from "../../cluster/settled.ts";
import type { Cli } from "../../tree/cli.ts";
import { configResource, resourceText } from "./resource.ts";

/** `millrace config unset RESOURCE KEY…`. */
export function unsetConfigs(cli: Cli) {
  return new Command("unset")
    .summary("back to what holds when nobody sets it")
    .argument("<resource>", "topic/NAME, broker/NUMBER, broker/default, …", configResource)
    .argument("<keys...>")
    .option("--dry-run", "ask whether it could be done, and do nothing")
    .action((resource, keys, { dryRun = false }) =>
      cli.withAdmin(async (admin) => {
        const changes = keys.map((name) => ({ name, op: "delete" }) as const);
        const alterations = [{ ...resource, changes }];
        onlyValue(await admin.incrementalAlterConfigs(alterations, { validateOnly: dryRun }));
        cli.tell(`${resourceText(resource)} ${dryRun ? "could be" : "is"} altered.`);
      }),
    )
    .addHelpText("after", "\nExamples:\n  millrace config unset topic/orders retention.ms");
}
