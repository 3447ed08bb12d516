import { eachBroker } from "../src/index.ts";
import { assertSideBySide, type ToolCall } from "./side-by-side.ts";

const groups = (words: string): ToolCall => ({
  tool: "kafka-consumer-groups",
  words: `--bootstrap-server BROKER ${words}`,
});
const reset = (words: string): ToolCall => groups(`--reset-offsets --group NAME ${words}`);

eachBroker("kafka-consumer-groups tells what Kafka's tells", {}, async (broker) => {
  // On Apache Kafka kafka-topics alone is compared: every run of the JVM costs ten seconds.
  if (broker.kind === "kafka") return;
  await assertSideBySide(broker, [
    { tool: "kafka-consumer-groups", words: "" },
    { tool: "kafka-consumer-groups", words: "--help" },
    { tool: "kafka-consumer-groups", words: "--list" },
    { tool: "kafka-consumer-groups", words: "--validate-regex a.*b" },
    groups(""),
    groups("--list --describe --group NAME"),
    { ...groups("--list --members"), areErrorsOurs: true },
    groups("--describe"),
    groups("--describe --group NAME --members --verbose --state"),
    groups("--describe --group NAME --state stable"),
    groups("--delete --group NAME --topic NAME"),
    groups("--delete-offsets --group NAME"),
    groups("--describe --group NAME --all-groups"),
    groups("--list --group NAME"),
    groups("--list --topic NAME"),
    reset("--dry-run --execute"),
    reset("--to-earliest"),
    reset("--dry-run --to-earliest --to-latest --topic NAME"),
    reset("--dry-run --topic NAME --all-topics"),
    {
      tool: "kafka-topics",
      words: "--bootstrap-server BROKER --create --topic NAME --partitions 2",
    },
    {
      tool: "kafka-console-producer",
      words:
        "--bootstrap-server BROKER --topic NAME --property parse.key=true --property key.separator=:",
      input: "a:1\nb:2\nc:3\nd:4\ne:5\nf:6\ng:7\n",
    },
    reset("--to-offset 1 --topic NAME:0,1 --dry-run"),
    { ...reset("--to-offset 1 --topic NAME --execute"), isOrderFree: true },
    { ...groups("--list"), isOwnLinesOnly: true },
    { ...groups("--list --state --type"), isOwnLinesOnly: true },
    { ...groups("--list --state empty"), isOwnLinesOnly: true },
    { ...groups("--list --state stable"), isOwnLinesOnly: true },
    groups("--list --type large"),
    groups("--describe --group NAME"),
    groups("--describe --group NAME --verbose"),
    groups("--describe --group NAME --members"),
    groups("--describe --group NAME --members --verbose"),
    groups("--describe --group NAME --state"),
    groups("--describe --group NAME --state --verbose"),
    groups("--describe --group NAMEnone"),
    { ...reset("--to-latest --topic NAME --dry-run"), isOrderFree: true },
    { ...reset("--to-current --all-topics --dry-run"), isOrderFree: true },
    { ...reset("--shift-by 1 --all-topics --execute"), isOrderFree: true },
    reset("--shift-by -100 --topic NAME:0 --execute"),
    reset("--to-offset 100 --topic NAME:1 --dry-run"),
    { ...reset("--by-duration PT1H --topic NAME --dry-run"), isOrderFree: true },
    { ...reset("--to-datetime 2020-01-01T00:00:00.000 --topic NAME --dry-run"), isOrderFree: true },
    { ...reset("--to-datetime 2099-01-01T00:00:00.000 --topic NAME --dry-run"), isOrderFree: true },
    reset("--to-datetime yesterday --topic NAME --dry-run"),
    { ...reset("--to-earliest --topic NAME --export --dry-run"), isOrderFree: true },
    { ...reset("--from-file FILE --execute"), file: "NAME,0,2\nNAME,1,1\n", isOrderFree: true },
    groups("--describe --group NAME --offsets"),
    reset("--to-earliest --topic NAME:9 --dry-run"),
    reset("--to-earliest --topic NAME:a --dry-run"),
    reset("--to-earliest --topic NAMEnone --dry-run"),
    reset("--to-earliest --dry-run"),
    { ...reset("--topic NAME --dry-run"), areErrorsOurs: true },
    reset("--to-offset many --topic NAME --dry-run"),
    groups("--reset-offsets --group NAMEnew --shift-by 1 --topic NAME:0 --dry-run"),
    groups("--delete-offsets --group NAME --topic NAME:0"),
    groups("--delete-offsets --group NAME --topic NAMEnone"),
    groups("--delete-offsets --group NAMEnone --topic NAME"),
    groups("--delete --group NAMEnone --group NAME"),
    groups("--delete --group NAMEnone"),
  ]);
});
