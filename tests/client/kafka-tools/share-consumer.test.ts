import { eachBroker } from "../src/index.ts";
import { assertSideBySide, type ToolCall } from "./side-by-side.ts";

const consume = (words: string): ToolCall => ({
  tool: "kafka-console-share-consumer",
  words: `--bootstrap-server BROKER ${words}`,
});
const read = (words: string): ToolCall => consume(`--topic NAME --group NAME ${words}`);

eachBroker(
  "kafka-console-share-consumer shows what Kafka's shows",
  { only: "millrace" },
  async (broker) => {
    await assertSideBySide(broker, [
      { tool: "kafka-console-share-consumer", words: "" },
      { tool: "kafka-console-share-consumer", words: "--help" },
      { tool: "kafka-console-share-consumer", words: "--topic NAME" },
      consume(""),
      read("--reject --release"),
      read("--formatter no.such.Formatter"),
      // Which group is told first is a hash table's business.
      { ...read("--consumer-property group.id=other"), areErrorsOurs: true },
      read("--consumer-property a=b --command-property c=d"),
      { tool: "kafka-topics", words: "--bootstrap-server BROKER --create --topic NAME" },
      {
        tool: "kafka-share-groups",
        words:
          "--bootstrap-server BROKER --reset-offsets --group NAME --topic NAME --to-earliest --execute",
      },
      {
        tool: "kafka-console-producer",
        words:
          "--bootstrap-server BROKER --topic NAME --reader-property parse.key=true --reader-property key.separator=:",
        input: "a:1\nb:2\nc:3\n",
      },
      read("--max-messages 1 --release --formatter-property print.delivery=true"),
      read("--max-messages 3 --property print.key=true --property print.delivery=true"),
    ]);
  },
);
