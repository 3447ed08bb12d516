import { Command } from "@commander-js/extra-typings";
import type { ConfigChange } from "@millrace/client";
import { onlyValue } from "../../cluster/settled.ts";
import type { Cli } from "../../tree/cli.ts";
import { pairOf } from "../../tree/pairs.ts";
import { UsageError } from "../../usage-error.ts";
import { configResource, resourceText } from "./resource.ts";

/** `millrace config set RESOURCE KEY=VALUE…`. */
export function setConfigs(cli: Cli) {
  return new Command("set")
    .summary("set configurations; others stay as they are")
    .argument("<resource>", "topic/NAME, broker/NUMBER, broker/default, …", configResource)
    .argument("<pairs...>", "key=value")
    .option("--append", "add to what is a list")
    .option("--subtract", "take away from what is a list")
    .option("--dry-run", "ask whether it could be done, and do nothing")
    .action((resource, texts, { append, subtract, dryRun = false }) => {
      if (append === true && subtract === true) {
        throw new UsageError("config set: choose one of --append and --subtract");
      }
      const listOp = subtract === true ? "subtract" : "set";
      const op = append === true ? "append" : listOp;
      const changes = texts.map((text): ConfigChange => {
        const [name, value] = pairOf(text);
        return { name, op, value };
      });
      return cli.withAdmin(async (admin) => {
        const alterations = [{ ...resource, changes }];
        onlyValue(await admin.incrementalAlterConfigs(alterations, { validateOnly: dryRun }));
        cli.tell(`${resourceText(resource)} ${dryRun ? "could be" : "is"} altered.`);
      });
    })
    .addHelpText(
      "after",
      "\nExamples:\n  millrace config set topic/orders retention.ms=86400000 cleanup.policy=delete\n  millrace config set topic/orders cleanup.policy=compact --append\n  millrace config set broker/default log.retention.ms=3600000 --dry-run",
    );
}
