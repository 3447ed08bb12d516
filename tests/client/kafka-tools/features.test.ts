import { eachBroker } from "../src/index.ts";
import { assertSideBySide, type ToolCall } from "./side-by-side.ts";

const features = (words: string): ToolCall => ({
  tool: "kafka-features",
  words,
  isErrorSpacingFree: true,
});

eachBroker("kafka-features tells what Kafka's tells", {}, async (broker) => {
  // On Apache Kafka kafka-topics alone is compared: every run of the JVM costs ten seconds.
  if (broker.kind === "kafka") return;
  await assertSideBySide(broker, [
    features("describe"),
    features("--bootstrap-server BROKER describe --nope"),
    features("--bootstrap-server BROKER describe"),
  ]);
});
