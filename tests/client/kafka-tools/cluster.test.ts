import { eachBroker } from "../src/index.ts";
import { assertSideBySide, type ToolCall } from "./side-by-side.ts";

const cluster = (words: string): ToolCall => ({
  tool: "kafka-cluster",
  words,
  isErrorSpacingFree: true,
});

eachBroker("kafka-cluster tells what Kafka's tells", {}, async (broker) => {
  // On Apache Kafka kafka-topics alone is compared: every run of the JVM costs ten seconds.
  if (broker.kind === "kafka") return;
  await assertSideBySide(broker, [
    cluster(""),
    cluster("nope"),
    cluster("cluster-id"),
    cluster("cluster-id -b"),
    cluster("cluster-id -b BROKER more"),
    cluster("cluster-id --boots BROKER"),
    cluster("cluster-id -b BROKER -C BROKER"),
    // Java's tells names that look like it, too.
    { ...cluster("cluster-id --nope"), areErrorsOurs: true },
    cluster("cluster-id -b BROKER"),
    cluster("cluster-id --bootstrap-server=BROKER"),
    cluster("cluster-id -bBROKER --config FILE --command-config FILE"),
    { ...cluster("cluster-id -bBROKER --config FILE"), file: "client.id=NAME\n" },
    cluster("unregister -b BROKER"),
    cluster("unregister -b BROKER --id x"),
    { ...cluster("unregister -b BROKER --id 77"), areErrorsOurs: true },
    cluster("list-endpoints -b BROKER"),
    cluster("list-endpoints -b BROKER --include-fenced-brokers"),
  ]);
});
