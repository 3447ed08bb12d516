import { eachBroker } from "../src/index.ts";
import { assertSideBySide, type ToolCall } from "./side-by-side.ts";

const logDirs = (words: string): ToolCall => ({ tool: "kafka-log-dirs", words });
const on = (words: string): ToolCall => logDirs(`--bootstrap-server BROKER ${words}`);

eachBroker("kafka-log-dirs tells what Kafka's tells", {}, async (broker) => {
  // On Apache Kafka kafka-topics alone is compared: every run of the JVM costs ten seconds.
  if (broker.kind === "kafka") return;
  await assertSideBySide(broker, [
    logDirs(""),
    logDirs("--describe"),
    on("--topic-list NAME"),
    on("--describe --broker-list 1,77"),
    on("--describe --broker-list one"),
    { ...on("--describe --topic-list NAME"), isOrderFree: true },
    {
      tool: "kafka-topics",
      // Both ask of the same topic: another's log may come into another directory.
      words:
        "--bootstrap-server BROKER --create --if-not-exists --topic in-one-place --partitions 1",
      isOwnLinesOnly: true,
    },
    { ...on("--describe --broker-list 1 --topic-list in-one-place,nothing"), isOrderFree: true },
  ]);
});
