import { Command, Option } from "@commander-js/extra-typings";
import { count } from "../../tree/global-options.ts";
import { treeCommand } from "../../tree/tree-command.ts";
import { benchConsume } from "./bench-consume.ts";
import { benchEndToEnd } from "./bench-end-to-end.ts";
import { benchProduce } from "./bench-produce.ts";

const compressions = ["none", "gzip", "snappy", "lz4", "zstd"] as const;
const acks = ["all", "1", "0"] as const;

/** `millrace bench`: how fast a cluster is, seen from here. */
export const benchCommand = treeCommand((cli) =>
  new Command("bench")
    .summary("how fast a cluster is: produce, consume, e2e")
    .addCommand(
      new Command("produce")
        .summary("records a second, and how long each waits for its acknowledgement")
        .argument("<topic>", "an existing topic; it gets the records")
        .option("-n, --records <count>", "how many", count, 100_000)
        .option("-s, --size <bytes>", "of each value", count, 100)
        .option(
          "-r, --rate <records>",
          "so many a second; as fast as it goes when not given",
          count,
        )
        .addOption(new Option("-z, --compression <codec>").choices(compressions).default("none"))
        .addOption(new Option("-a, --acks <acks>").choices(acks).default("all"))
        .action((topic, options) => benchProduce(cli, { ...options, topic }))
        .addHelpText("after", "\nExamples:\n  millrace bench produce load -n 1000000 -s 1000"),
    )
    .addCommand(
      new Command("consume")
        .summary("records a second from the start of a topic")
        .argument("<topic>")
        .option("-n, --records <count>", "how many; all that are there when not given", count)
        .action((topic, options) => benchConsume(cli, { ...options, topic }))
        .addHelpText("after", "\nExamples:\n  millrace bench consume load"),
    )
    .addCommand(
      new Command("e2e")
        .summary("from send to receipt, one record at a time")
        .argument("<topic>", "an existing topic; it gets the records")
        .option("-n, --records <count>", "how many", count, 1000)
        .option("-s, --size <bytes>", "of each value", count, 100)
        .action((topic, options) => benchEndToEnd(cli, { ...options, topic }))
        .addHelpText("after", "\nExamples:\n  millrace bench e2e load -o json"),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  millrace topic create load && millrace bench produce load",
    ),
);
