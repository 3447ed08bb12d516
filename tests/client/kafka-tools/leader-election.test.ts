import { eachBroker } from "../src/index.ts";
import { assertSideBySide, type ToolCall } from "./side-by-side.ts";

const elect = (words: string, file?: string): ToolCall => ({
  tool: "kafka-leader-election",
  words: `--bootstrap-server BROKER ${words}`,
  ...(file === undefined ? {} : { file }),
});

eachBroker(
  "kafka-leader-election tells what Kafka's tells",
  { only: "millrace" },
  async (broker) => {
    const partition = '{"topic": "NAME", "partition": 0}';
    await assertSideBySide(broker, [
      { tool: "kafka-leader-election", words: "" },
      { tool: "kafka-leader-election", words: "--help" },
      elect(""),
      elect("--election-type preferred"),
      elect("--election-type preferred --topic NAME"),
      elect("--election-type preferred --all-topic-partitions --partition 1"),
      elect("--election-type large --all-topic-partitions"),
      {
        tool: "kafka-topics",
        words: "--bootstrap-server BROKER --create --topic NAME --partitions 2",
      },
      elect("--election-type preferred --topic NAME --partition 0"),
      elect("--election-type PREFERRED --path-to-json-file FILE", `{"partitions":[${partition}]}`),
      elect("--election-type unclean --topic NAME --partition 1"),
      // Java tells each failure again beside the stack trace.
      { ...elect("--election-type preferred --topic NAME --partition 9"), areErrorsOurs: true },
      elect(
        "--election-type preferred --path-to-json-file FILE",
        `{"partitions":[${partition},${partition}]}`,
      ),
      elect("--election-type preferred --path-to-json-file FILE", "{}"),
    ]);
  },
);
