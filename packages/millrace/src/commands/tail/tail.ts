import { Command } from "@commander-js/extra-typings";
import { count } from "../../tree/global-options.ts";
import { recordCommand } from "../../tree/tree-command.ts";
import { tailTopics } from "./tail-topics.ts";

/** `millrace tail TOPIC…`: what comes in, as it comes in. */
export const tailCommand = recordCommand((cli) =>
  new Command("tail")
    .summary("what comes in, as it comes in; the last ten records first")
    .argument("<topics...>")
    .option("-n, --lines <records>", "so many of what is there first", count, 10)
    .option("-k, --keys", "the key before each value")
    .option("--count <records>", "end after so many records", count)
    .action((topics, options) => tailTopics(cli, { ...options, topics }))
    .addHelpText(
      "after",
      "\nExamples:\n  millrace tail orders payments\n  millrace tail orders -n 0 -k",
    ),
);
