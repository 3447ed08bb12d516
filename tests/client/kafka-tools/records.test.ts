import { eachBroker } from "../src/index.ts";
import { assertSideBySide, type ToolCall } from "./side-by-side.ts";

const producer = (words: string, input = ""): ToolCall => ({
  tool: "kafka-console-producer",
  words: `--bootstrap-server BROKER ${words}`,
  input,
});
const consumer = (words: string): ToolCall => ({
  tool: "kafka-console-consumer",
  words: `--bootstrap-server BROKER ${words}`,
});
const offsets = (words: string): ToolCall => ({
  tool: "kafka-get-offsets",
  words: `--bootstrap-server BROKER ${words}`,
});
const groups = (words: string): ToolCall => ({
  tool: "kafka-groups",
  words: `--bootstrap-server BROKER ${words}`,
  isOwnLinesOnly: true,
});

const formatter = "--formatter-property print.";
const every = ["timestamp", "partition", "offset", "epoch", "delivery", "headers", "key", "value"]
  .map((column) => `${formatter}${column}=true`)
  .join(" ");
const number = "--value-deserializer org.apache.kafka.common.serialization.IntegerDeserializer";

eachBroker(
  "the tools of records and offsets tell what Kafka's tell",
  { only: "millrace" },
  async (broker) => {
    const deletion = (file: string): ToolCall => ({
      tool: "kafka-delete-records",
      words: "--bootstrap-server BROKER --offset-json-file FILE",
      file,
    });
    await assertSideBySide(broker, [
      { tool: "kafka-console-producer", words: "" },
      { tool: "kafka-console-producer", words: "--topic NAME" },
      producer(""),
      producer("--topic NAME --batch-size"),
      producer("--topic NAME --reader-property a=b --property b=c"),
      producer("--topic NAME --command-config a --producer.config b"),
      { tool: "kafka-console-producer", words: "--bootstrap-server here --topic NAME" },
      {
        tool: "kafka-topics",
        words: "--bootstrap-server BROKER --create --topic NAME --partitions 1",
      },
      producer("--topic NAME", "one\ntwo\r\n\nlast"),
      producer("--topic NAME --sync --compression-codec zstd", "zipped\n"),
      producer("--topic NAME --property parse.key=true --property key.separator=:", "k:v\nn:\n"),
      producer(
        "--topic NAME --reader-property parse.headers=true --reader-property parse.key=true " +
          "--reader-property null.marker=NULL --compression-codec",
        "a:1,b:NULL\tkey\tvalue\nNULL\tNULL\tNULL\n",
      ),
      { tool: "kafka-console-consumer", words: "" },
      { tool: "kafka-console-consumer", words: "--topic NAME" },
      consumer(""),
      consumer("--topic NAME --include NAME"),
      consumer("--topic NAME --offset 3"),
      consumer("--topic NAME --partition 0 --offset -3"),
      consumer("--include NAME --partition 0"),
      consumer("--topic NAME --partition 0 --group NAME"),
      consumer("--topic NAME --from-beginning --command-property auto.offset.reset=latest"),
      consumer("--topic NAME --formatter nobody.Knows"),
      consumer("--topic NAME --nothing"),
      consumer("--topic NAME --from-beginning --max-messages 3"),
      consumer(`--topic NAME --partition 0 --offset earliest --max-messages 9 ${every}`),
      consumer(`--include NAME.* --from-beginning --timeout-ms 4000 ${formatter}key=true`),
      consumer(
        `--topic NAME --partition 0 --offset 4 --max-messages 2 --property print.key=true ` +
          "--property key.separator=| --property line.separator=; --property null.literal=none",
      ),
      {
        ...consumer(`--topic NAME --partition 0 --max-messages 1 ${number} --offset 5`),
        areErrorsOurs: true,
      },
      consumer("--topic NAME --group NAME --from-beginning --max-messages 2"),
      consumer("--topic NAME --group NAME --max-messages 2 --isolation-level read_committed"),
      { tool: "kafka-get-offsets", words: "" },
      { tool: "kafka-get-offsets", words: "--topic NAME" },
      { tool: "kafka-get-offsets", words: "--bootstrap-server here" },
      offsets("--topic NAME"),
      offsets("--topic NAME --time earliest"),
      offsets("--topic NAME --time 99999999999999"),
      offsets("--topic NAME --time soon"),
      offsets("--topic NAME --partitions 1"),
      offsets("--topic NAME --partitions a"),
      offsets("--topic-partitions NAME:0-,other:-3"),
      offsets("--topic-partitions NAME:x"),
      offsets("--topic-partitions NAME --topic NAME"),
      { tool: "kafka-groups", words: "" },
      { tool: "kafka-groups", words: "--list" },
      { tool: "kafka-groups", words: "--bootstrap-server BROKER" },
      groups("--list"),
      groups("--list --consumer"),
      groups("--list --share"),
      groups("--list --group-type classic --protocol consumer"),
      { tool: "kafka-groups", words: "--bootstrap-server BROKER --list --group-type big" },
      { tool: "kafka-groups", words: "--bootstrap-server BROKER --list --share --consumer" },
      { tool: "kafka-delete-records", words: "" },
      { tool: "kafka-delete-records", words: "--bootstrap-server BROKER" },
      {
        tool: "kafka-delete-records",
        words: "--bootstrap-server BROKER --offset-json-file /nothing/here",
      },
      deletion("{"),
      deletion('{"version":2,"partitions":[]}'),
      deletion("{}"),
      deletion('{"partitions":[{"topic":"NAME","partition":0}]}'),
      deletion(twice('{"topic":"NAME","partition":0,"offset":1}')),
      deletion('{"partitions":[{"topic":"NAME","partition":0,"offset":2}],"version":1}'),
      deletion('{"partitions":[{"topic":"NAME","partition":0,"offset":2000}]}'),
      offsets("--topic NAME --time -2"),
    ]);
  },
);

function twice(place: string): string {
  return `{"partitions":[${place},${place}]}`;
}
