import { eachBroker } from "../src/index.ts";
import { assertSideBySide, type ToolCall } from "./side-by-side.ts";

const configs = (words: string): ToolCall => ({ tool: "kafka-configs", words });
const on = (words: string): ToolCall => configs(`--bootstrap-server BROKER ${words}`);
const alter = (words: string): ToolCall => on(`--alter ${words}`);
const describe = (words: string): ToolCall => on(`--describe ${words}`);

eachBroker("kafka-configs tells what Kafka's tells", {}, async (broker) => {
  // On Apache Kafka kafka-topics alone is compared: every run of the JVM costs ten seconds.
  if (broker.kind === "kafka") return;
  await assertSideBySide(broker, [
    configs(""),
    configs("--describe"),
    on("--topic NAME"),
    on("--describe --alter --topic NAME"),
    describe("--topic NAME --add-config a=b"),
    describe(""),
    describe("--entity-type nobody"),
    describe("--entity-type topics --entity-type brokers"),
    describe("--entity-type topics --entity-type topics"),
    describe("--entity-type topics --entity-default"),
    describe("--entity-type users --user NAME"),
    describe("--broker one"),
    alter("--entity-type topics --add-config a=b"),
    alter("--entity-type users --add-config a=b"),
    alter("--topic NAME"),
    alter("--topic NAME --add-config a=b --add-config-file c"),
    alter("--topic NAME --add-config a"),
    alter("--topic NAME --add-config a/b=c"),
    { tool: "kafka-topics", words: "--bootstrap-server BROKER --create --topic NAME" },
    describe("--topic NAME"),
    describe("--topic NAMEnone"),
    describe("--client-metrics NAME"),
    describe("--group NAME"),
    describe("--broker 77"),
    alter("--topic NAME --delete-config retention.ms"),
    alter("--topic NAME --delete-config nonsense"),
    alter("--broker 1 --delete-config nonsense,log.cleaner.threads"),
    alter("--topic NAME --add-config retention.ms=1000,cleanup.policy=[compact,delete]"),
    alter("--topic NAME --add-config retention.ms=short"),
    describe("--topic NAME"),
    describe("--entity-type topics --entity-name NAME --all"),
    alter("--topic NAME --delete-config retention.ms,cleanup.policy"),
    describe("--topic NAME"),
    alter("--broker-defaults --add-config log.cleaner.threads=1"),
    describe("--entity-type brokers --entity-default"),
    alter("--broker 1 --add-config log.cleaner.threads=1"),
    describe("--broker 1"),
    alter("--broker 1 --delete-config log.cleaner.threads"),
    alter("--broker-defaults --delete-config log.cleaner.threads"),
    alter("--client-metrics NAME --add-config interval.ms=60000"),
    describe("--client-metrics NAME"),
    alter("--client-metrics NAME --delete-config interval.ms"),
    alter("--group NAME --add-config consumer.session.timeout.ms=50000"),
    describe("--group NAME"),
    alter("--user NAME --add-config producer_byte_rate=1024"),
    alter("--user NAME --add-config producer_byte_rate=many"),
    alter("--user NAME --add-config nothing=1"),
    alter("--user NAME --delete-config nothing"),
    alter("--user NAME --delete-config consumer_byte_rate"),
    alter("--user NAME --add-config SCRAM-SHA-256=password=secret,producer_byte_rate=1"),
    alter("--user NAME --add-config SCRAM-SHA-256=[iterations=10,password=secret]"),
    alter("--user NAME --add-config SCRAM-SHA-256=secret"),
    alter("--user-defaults --add-config SCRAM-SHA-256=password=secret"),
    alter("--user NAME --add-config SCRAM-SHA-512=[iterations=8192,password=secret]"),
    alter("--user NAME --delete-config SCRAM-SHA-256"),
    describe("--user NAME"),
    alter("--user NAME --delete-config SCRAM-SHA-512"),
    alter("--client NAME --add-config SCRAM-SHA-256=password=secret"),
    alter(
      "--entity-type users --entity-name NAME --entity-type clients --entity-default " +
        "--add-config request_percentage=12.5",
    ),
    describe("--entity-type users --entity-name NAME --entity-type clients"),
    alter("--ip 127.0.0.9 --add-config producer_byte_rate=1"),
    alter("--ip 127.0.0.9 --add-config connection_creation_rate=10"),
    describe("--ip 127.0.0.9"),
    alter("--ip 127.0.0.9 --delete-config connection_creation_rate"),
    alter("--user NAME --delete-config producer_byte_rate"),
    describe("--user NAME"),
  ]);
});
