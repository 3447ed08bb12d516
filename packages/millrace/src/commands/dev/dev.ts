import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { logLevels } from "@millrace/platform";
import { collect, count } from "../../tree/global-options.ts";
import { plainCommand } from "../../tree/tree-command.ts";
import { defaultFolder } from "../start-arguments.ts";
import { runDev } from "./run-dev.ts";
import { topicList } from "./topic-list.ts";

const portMax = 65_535;

/** `millrace dev`, and `millrace` alone: a broker to develop against. */
export const devCommand = plainCommand((cli) =>
  new Command("dev")
    .summary("a broker to develop against; what millrace alone does")
    .description(
      "Starts a broker that listens on this machine alone, makes a topic, and shows lines to " +
        "paste. Ctrl-C stops it; its records are there again at the next start.",
    )
    .option("-p, --port <number>", "the port to listen on; 0 for a free one", port, 9092)
    .option("-d, --data <folder>", "where records are kept", defaultFolder)
    .option("-m, --memory", "keep nothing: records are gone when it stops")
    .option("-t, --topics <name:partitions,…>", "topics to make", topicList, topicList("greetings"))
    .option("--seed <file>", "produce the records of this NDJSON file, each to its topic")
    .option("--override <key=value>", "a key of server.properties", collect)
    .addOption(new Option("--log-level <level>").choices(logLevels).default("warn" as const))
    .action((options) => runDev(cli, options))
    .addHelpText(
      "after",
      `
Examples:
  millrace
  millrace dev --memory --topics orders:3,payments
  millrace dev -p 0 --seed fixtures.ndjson`,
    ),
);

function port(text: string): number {
  const value = count(text);
  if (value <= portMax) return value;
  throw new InvalidArgumentError("It takes a port: 0 to 65535.");
}
