import { Command } from "@commander-js/extra-typings";
import { collect, count } from "../../tree/global-options.ts";
import { plainCommand } from "../../tree/tree-command.ts";
import { runCat } from "./run-cat.ts";

/** `millrace cat`: what kcat does, with kcat's flags. */
export const catCommand = plainCommand((cli) =>
  new Command("cat")
    .summary("what kcat does, with kcat's flags")
    .argument("[topics or files...]", "topics of -G; files of -P")
    .option("-C", "consume")
    .option("-P", "produce")
    .option("-L", "list brokers, topics, partitions")
    .option("-Q", "offsets at a time: -t topic:partition:milliseconds")
    .option("-G <group>", "consume topics as a member of a group")
    .option("-b <brokers>", "brokers; MILLRACE_BOOTSTRAP or the context in use when not given")
    .option("-t <topic>", "the topic", collect)
    .option("-p <partition>", "the partition; -1 for any")
    .option(
      "-o <offset>",
      "beginning, end, 42, -5, s@milliseconds; e@milliseconds to stop",
      collect,
    )
    .option("-e", "end where the partitions end")
    .option("-c <count>", "end after so many records", count)
    .option("-f <format>", "a format string, see millrace consume --help")
    .option("-J", "JSON, as kcat writes it")
    .option("-s <serdes>", "unpack: >is, key=<q, value=b", collect)
    .option("-D <delimiter>", "what ends a record", "\\n")
    .option("-K <delimiter>", "what stands between key and value")
    .option("-k <key>", "the key of all records")
    .option("-H <name=value>", "a header", collect)
    .option("-z <codec>", "gzip, snappy, lz4, zstd")
    .option("-Z", "nothing is NULL: a tombstone, or the word NULL when consuming")
    .option("-l", "each line of the file is a record")
    .option("-T", "also print what is produced")
    .option("-X <property=value>", "a client's configuration", collect)
    .option("-F <file>", "a file of such properties")
    .option("-m <seconds>", "how long to wait for brokers", count)
    .option("-u", "no buffer on output")
    .option("-q", "quiet")
    .option("-v", "louder; taken and ignored")
    .option("-E", "taken and ignored")
    .option("-O", "taken and ignored, as kcat 1.7.1 does")
    .action((names, options) => runCat(cli, names, options))
    .addHelpText(
      "after",
      `
Examples:
  millrace cat -b localhost:9092 -t orders -C -o -10 -e
  echo 42:coffee | millrace cat -t orders -P -K:
  millrace cat -L
  millrace cat -t orders -f '%t [%p] at %o: %k=%s\\n'`,
    ),
);
