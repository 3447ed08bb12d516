import { Command, Option } from "@commander-js/extra-typings";
import { recordCommand } from "../../tree/tree-command.ts";
import { collect, count } from "../../tree/global-options.ts";
import { produceRecords } from "./produce-records.ts";

const compressions = ["none", "gzip", "snappy", "lz4", "zstd"] as const;

/** `millrace produce TOPIC`: records from standard input, files or the command line. */
export const produceCommand = recordCommand((cli) =>
  new Command("produce")
    .summary("write records from standard input or files")
    .description(
      "Writes each line of standard input, or of the files, as a record. The command ends well " +
        "only when the brokers have every record.",
    )
    .argument("<topic>", "where the records go, whatever topic they name")
    .argument("[files...]", "read these instead of standard input")
    .option("-v, --value <text>", "a value from here; may be given several times", collect)
    .option("-k, --key <text>", "the key of every record that has none")
    .option("-K, --key-delimiter <text>", "what stands between key and value of a line")
    .option("-D, --delimiter <text>", "what ends a record; \\n and \\t are understood", "\\n")
    .option("-Z, --empty-as-null", "an empty key or value is none: a tombstone")
    .option("-w, --whole", "each file, or all of standard input, is one value")
    .option("-J, --json", "NDJSON, as consume --json writes it")
    .option("--csv", "CSV with a line of names, as consume --csv writes it")
    .option("-H, --header <name=value>", "a header of every record", collect)
    .option("-p, --partition <number>", "the partition of every record", count)
    .option("--keep-partitions", "records of --json and --csv keep the partition they name")
    .addOption(new Option("-z, --compression <codec>").choices(compressions).default("none"))
    .addOption(new Option("-a, --acks <acks>").choices(["all", "1", "0"] as const).default("all"))
    .option("-T, --transactional <id>", "all records or none: one transaction of this id")
    .option("--rate <records>", "records a second at most", count)
    .action((topic, files, options) => produceRecords(cli, { ...options, topic, files }))
    .addHelpText(
      "after",
      `
Examples:
  echo "one coffee" | millrace produce orders -k 42
  millrace produce orders -v first -v second -H source=shell
  millrace produce users -K : -Z < users.txt
  millrace consume orders --json :end | millrace produce orders-copy --json`,
    ),
);
