import { eachBroker } from "../src/index.ts";
import { assertSideBySide, type ToolCall } from "./side-by-side.ts";

const transactions = (words: string): ToolCall => ({
  tool: "kafka-transactions",
  words,
  isErrorSpacingFree: true,
});
const on = (words: string): ToolCall => transactions(`--bootstrap-server BROKER ${words}`);

eachBroker("kafka-transactions tells what Kafka's tells", {}, async (broker) => {
  // On Apache Kafka kafka-topics alone is compared: every run of the JVM costs ten seconds.
  if (broker.kind === "kafka") return;
  await assertSideBySide(broker, [
    transactions(""),
    transactions("list"),
    on("describe"),
    on("describe --transactional-id NAME"),
    {
      tool: "kafka-topics",
      words: "--bootstrap-server BROKER --create --topic NAME --partitions 1",
    },
    on("describe-producers --topic NAME"),
    on("describe-producers --topic NAME --partition 0"),
    on("list"),
    on("list --duration-filter 10 --transactional-id-pattern NAME.*"),
  ]);
});
