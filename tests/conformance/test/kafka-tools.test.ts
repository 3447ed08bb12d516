import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type Broker, startBrokerUnderTest } from "../src/broker.ts";
import { javaCommand, kafkaTool } from "../src/java.ts";
import { lacking } from "../src/needs.ts";
import { output, runProgram } from "../src/program.ts";

/**
 * Kafka's administration tools in the order of a topic's life: each test goes on from the one
 * before.
 */
describe("Apache Kafka's administration tools", async () => {
  const skip = await lacking("java");
  let broker: Broker;
  before(async () => {
    broker = await startBrokerUnderTest();
  });
  after(async () => broker[Symbol.asyncDispose]());

  const words = (tool: string, args: readonly string[]) => {
    const mainClass = tool.includes(".") ? tool : `org.apache.kafka.tools.${tool}`;
    return javaCommand(mainClass, [...args, "--bootstrap-server", broker.bootstrap]);
  };
  const run = async (tool: string, ...args: readonly string[]) =>
    (await output(words(tool, args))).toString();
  /** A tool that must fail, and what it says. */
  const refused = async (tool: string, ...args: readonly string[]) => {
    const { status, stdout, stderr } = await runProgram(words(tool, args));
    assert.notEqual(status, 0);
    return `${stdout.toString()}${stderr}`;
  };
  const topics = (...args: readonly string[]) => run("TopicCommand", ...args);
  const configs = (...args: readonly string[]) => run("kafka.admin.ConfigCommand", ...args);
  const onTopic = ["--entity-type", "topics", "--entity-name", "orders"];
  const json = (name: string, value: unknown) => {
    const path = join(broker.dataFolder, "..", name);
    writeFileSync(path, JSON.stringify(value));
    return path;
  };

  test("TopicCommand creates a topic with partitions and a configuration", { skip }, async () => {
    const size = ["--partitions", "3", "--config", "retention.ms=3600000"];
    assert.match(await topics("--create", "--topic", "orders", ...size), /Created topic orders/);
    assert.match(await topics("--list"), /^orders$/m);
  });

  test("TopicCommand describes id, leaders, replicas and configurations", { skip }, async () => {
    const text = await topics("--describe", "--topic", "orders");
    assert.match(text, /TopicId: [\w-]{22}\tPartitionCount: 3\tReplicationFactor: 1/);
    assert.match(text, /Configs: .*retention\.ms=3600000/);
    assert.match(text, /Partition: 2\tLeader: 1\tReplicas: 1\tIsr: 1/);
  });

  test("TopicCommand adds partitions, and cannot take any away", { skip }, async () => {
    await topics("--alter", "--topic", "orders", "--partitions", "5");
    assert.match(await topics("--describe", "--topic", "orders"), /PartitionCount: 5/);
    const fewer = ["--alter", "--topic", "orders", "--partitions", "2"];
    assert.match(await refused("TopicCommand", ...fewer), /InvalidPartitionsException/);
  });

  test("TopicCommand hears that a topic exists, a name is bad, too many replicas", {
    skip,
  }, async () => {
    const create = (...args: readonly string[]) => refused("TopicCommand", "--create", ...args);
    assert.match(await create("--topic", "orders"), /Topic 'orders' already exists/);
    assert.match(await create("--topic", "a b"), /InvalidTopicException/);
    const replicas = ["--topic", "wide", "--replication-factor", "3"];
    assert.match(await create(...replicas), /InvalidReplicationFactorException/);
  });

  test("ConfigCommand sets, describes and removes a topic's configurations", { skip }, async () => {
    const given = "cleanup.policy=compact,segment.bytes=1048576";
    assert.match(await configs(...onTopic, "--alter", "--add-config", given), /Completed updating/);
    const text = await configs(...onTopic, "--describe");
    assert.match(text, /cleanup\.policy=compact .*DYNAMIC_TOPIC_CONFIG:cleanup\.policy=compact/);
    assert.match(text, /DEFAULT_CONFIG:log\.segment\.bytes=1073741824/);
    await configs(...onTopic, "--alter", "--delete-config", "cleanup.policy");
    assert.doesNotMatch(await configs(...onTopic, "--describe"), /cleanup\.policy=compact/);
  });

  test("ConfigCommand describes all configurations with their sources", { skip }, async () => {
    const text = await configs(...onTopic, "--describe", "--all");
    assert.match(text, /compression\.type=producer .*DEFAULT_CONFIG:compression\.type=producer/);
    assert.match(text, /max\.message\.bytes=1048588/);
  });

  test("ConfigCommand refuses a value of another type and an unknown key", { skip }, async () => {
    const set = (pair: string) =>
      refused("kafka.admin.ConfigCommand", ...onTopic, "--alter", "--add-config", pair);
    assert.match(await set("retention.ms=soon"), /InvalidConfigurationException: .*retention\.ms/);
    assert.match(await set("retention.mss=5"), /InvalidConfigurationException/);
  });

  test("ConfigCommand changes a broker and the default of all brokers", { skip }, async () => {
    const one = ["--entity-type", "brokers", "--entity-name", "1"];
    await configs(...one, "--alter", "--add-config", "log.cleaner.threads=2");
    const described = await configs(...one, "--describe");
    assert.match(described, /DYNAMIC_BROKER_CONFIG:log\.cleaner\.threads=2/);
    const all = ["--entity-type", "brokers", "--entity-default"];
    await configs(...all, "--alter", "--add-config", "log.retention.ms=7200000");
    assert.match(
      await configs(...all, "--describe"),
      /DYNAMIC_DEFAULT_BROKER_CONFIG:log\.retention\.ms=7200000/,
    );
  });

  test("ConfigCommand describes the levels of a broker's loggers", { skip }, async () => {
    const loggers = ["--entity-type", "broker-loggers", "--entity-name", "1"];
    assert.match(await configs(...loggers, "--describe"), /^ +root=(TRACE|DEBUG|INFO|WARN|ERROR)/m);
  });

  test("GetOffsetShell sees end, beginning and the latest timestamp", { skip }, async () => {
    await output(["kcat", "-b", broker.bootstrap, "-P", "-t", "orders", "-p", "1"], {
      input: Array.from({ length: 100 }, (_, index) => `order ${index}\n`).join(""),
    });
    assert.match(await run("GetOffsetShell", "--topic", "orders"), /^orders:1:100$/m);
    const at = (time: string) => run("GetOffsetShell", "--topic", "orders", "--time", time);
    assert.match(await at("earliest"), /^orders:1:0$/m);
    assert.match(await at("max-timestamp"), /^orders:1:\d+$/m);
    assert.match(await at("1"), /^orders:1:0$/m);
  });

  test("DeleteRecordsCommand moves the beginning, and not beyond the end", { skip }, async () => {
    const file = json("delete.json", {
      version: 1,
      partitions: [
        { topic: "orders", partition: 1, offset: 40 },
        { topic: "orders", partition: 0, offset: 5 },
      ],
    });
    const text = await run("DeleteRecordsCommand", "--offset-json-file", file);
    assert.match(text, /partition: orders-1\tlow_watermark: 40/);
    assert.match(text, /partition: orders-0\terror: .*OffsetOutOfRangeException/);
    const earliest = await run("GetOffsetShell", "--topic", "orders", "--time", "earliest");
    assert.match(earliest, /^orders:1:40$/m);
  });

  test("LogDirsCommand reports the folder and real sizes", { skip }, async () => {
    const text = await run("LogDirsCommand", "--describe", "--topic-list", "orders");
    const report = JSON.parse(text.split("\n").find((line) => line.startsWith("{")) ?? "{}") as {
      brokers: {
        logDirs: { logDir: string; partitions: { partition: string; size: number }[] }[];
      }[];
    };
    const [directory] = report.brokers[0]?.logDirs ?? [];
    assert.equal(directory?.logDir, broker.dataFolder);
    assert.equal(directory.partitions.length, 5);
    const filled = directory.partitions.find(({ partition }) => partition === "orders-1");
    assert.ok((filled?.size ?? 0) > 1000, JSON.stringify(filled));
  });

  test("BrokerApiVersionsCommand finds the requests that every client begins with", {
    skip,
  }, async () => {
    const text = await run("BrokerApiVersionsCommand");
    assert.match(text, /\(id: 1 rack: null isFenced: false\)/);
    assert.match(text, /Produce\(0\): 0 to 13 \[usable: 13\]/);
    assert.match(text, /Fetch\(1\): 4 to 18 \[usable: 18\]/);
    assert.match(text, /Metadata\(3\): 0 to 13 \[usable: 13\]/);
    assert.match(text, /ApiVersions\(18\): 0 to 4 \[usable: 4\]/);
  });

  test("LeaderElectionCommand elects the preferred leader, who leads already", {
    skip,
  }, async () => {
    const file = json("election.json", { partitions: [{ topic: "orders", partition: 0 }] });
    const preferred = ["--election-type", "preferred"];
    const text = await run("LeaderElectionCommand", ...preferred, "--path-to-json-file", file);
    assert.match(text, /Valid replica already elected for partitions orders-0/);
    await run("LeaderElectionCommand", ...preferred, "--all-topic-partitions");
  });

  test("FeatureCommand describes the features of Kafka 4.3", { skip }, async () => {
    const text = await output([
      ...javaCommand("org.apache.kafka.tools.FeatureCommand", []),
      "--bootstrap-server",
      broker.bootstrap,
      "describe",
    ]);
    assert.match(text.toString(), /metadata\.version .*FinalizedVersionLevel: 4\.3-IV0/);
  });

  test("ClusterTool prints the cluster's id and the brokers' endpoints", { skip }, async () => {
    assert.match(await run("ClusterTool", "cluster-id"), /Cluster ID: [\w-]{22}/);
    assert.match(await run("ClusterTool", "list-endpoints"), /^1 +127\.0\.0\.1 +\d+ .*broker/m);
  });

  test("VerifiableProducer and ProducerPerformance get every record acknowledged", {
    skip,
  }, async () => {
    const limits = ["--max-messages", "200", "--throughput", "-1", "--acks", "-1"];
    const text = await run("VerifiableProducer", "--topic", "verified", ...limits);
    assert.match(text, /"acked":200/);
    const load = ["--num-records", "2000", "--record-size", "500", "--throughput", "-1"];
    const report = await run("ProducerPerformance", "--topic", "verified", ...load);
    assert.match(report, /^2000 records sent/m);
  });

  test("DumpLogSegments reads every file of a partition and of the metadata", {
    skip,
  }, async () => {
    const files = ["log", "index", "timeindex"].map((suffix) =>
      join(broker.dataFolder, "orders-1", `00000000000000000000.${suffix}`),
    );
    const dump = "org.apache.kafka.tools.DumpLogSegments";
    const text = await kafkaTool(dump, ["--files", files.join(","), "--deep-iteration"]);
    assert.match(text, /isvalid: true/);
    assert.doesNotMatch(text, /isvalid: false|Found timestamp mismatch|Exception|mismatch/i);
    const metadata = join(broker.dataFolder, "__cluster_metadata-0/00000000000000000000.log");
    const records = await kafkaTool(dump, ["--files", metadata, "--cluster-metadata-decoder"]);
    assert.match(records, /LeaderChange/);
    assert.match(records, /"type":"TOPIC_RECORD".*"name":"orders"/);
    assert.doesNotMatch(records, /isvalid: false|Could not decode/);
  });

  test("TopicCommand deletes a topic, which then is gone", { skip }, async () => {
    await topics("--delete", "--topic", "orders");
    assert.doesNotMatch(await topics("--list"), /^orders$/m);
    const describe = ["--describe", "--topic", "orders"];
    assert.match(await refused("TopicCommand", ...describe), /does not exist/);
  });
});
