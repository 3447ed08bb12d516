import { Command, Option } from "@commander-js/extra-typings";
import { offsetGrammar } from "../../offsets/offset-range.ts";
import { formatTokens } from "../../records/format-string.ts";
import { count } from "../../tree/global-options.ts";
import { recordCommand } from "../../tree/tree-command.ts";
import { consumeRecords } from "./consume-records.ts";
import { partitionList } from "./partition-list.ts";

const isolations = ["read_uncommitted", "read_committed"] as const;

/** `millrace consume TOPIC…`: records on standard output. */
export const consumeCommand = recordCommand((cli) =>
  new Command("consume")
    .summary("read records to standard output")
    .description(
      "Reads topics from their start and goes on until Ctrl-C, or until the end that was asked " +
        "for. With -g it reads as a member of a group, from where the group stands, and commits.",
    )
    .argument("<topics...>")
    .option("-o, --offset <range>", "where to begin, and where to end: see below", "start")
    .option("-p, --partition <list>", "these partitions alone: 0,3,5-7", partitionList)
    .option("-g, --group <id>", "read as a member of this group")
    .option("-n, --count <records>", "end after so many", count)
    .option("-e, --exit", "end where the partitions end now")
    .option("-k, --keys", "the key and a tab before each value")
    .option("-J, --json", "NDJSON, which produce --json takes back byte for byte")
    .option("-V, --value-json", "NDJSON in which a value that is JSON stands as what it means")
    .option("--csv", "CSV with a line of names")
    .option("-f, --format <string>", "a format string: see below")
    .option("-D, --delimiter <text>", "what ends a value, where no form is given", "\\n")
    .option("--filter <expression>", "a JavaScript expression of topic, partition, offset, …")
    .option("--jq <program>", "a jq program over the NDJSON of --value-json")
    .addOption(new Option("--isolation <level>").choices(isolations).default("read_committed"))
    .action((topics, options) => consumeRecords(cli, { ...options, topics }))
    .addHelpText(
      "after",
      `
${offsetGrammar}

${formatTokens}

Examples:
  millrace consume orders
  millrace consume orders -o -10                      the last ten of each partition, and go on
  millrace consume orders -o @-1h:end --json          the last hour
  millrace consume orders -e -f '%p:%o %k %s\\n'
  millrace consume orders -g billing -n 100
  millrace consume orders --filter 'value.total > 100' --json`,
    ),
);
