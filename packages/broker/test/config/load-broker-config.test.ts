import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type ConfigSources,
  ConfigurationError,
  loadBrokerConfig,
  parseOverride,
} from "../../src/config/index.ts";

function file(text: string): ConfigSources {
  return { file: { path: "server.properties", text } };
}

function problemsOf(sources: ConfigSources): readonly string[] {
  try {
    loadBrokerConfig(sources);
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    return error.message.split("\n");
  }
  return [];
}

test("nothing at all starts one node with all roles", () => {
  const { config, notices } = loadBrokerConfig({});
  assert.deepEqual(config.processRoles, ["broker", "controller"]);
  assert.equal(config.nodeId, 1);
  assert.equal(config.offsetsTopicReplicationFactor, 1);
  assert.deepEqual(
    config.listeners.map((each) => `${each.name} ${each.port}`),
    ["PLAINTEXT 9092"],
  );
  assert.deepEqual(notices, []);
});

// The keys and values of config/server.properties as Apache Kafka 4.3 ships it, one line broken.
const shipped = `process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=localhost:9093
listeners=PLAINTEXT://:9092,CONTROLLER://:9093
inter.broker.listener.name=PLAINTEXT
advertised.listeners=PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,\\
  SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL
num.network.threads=3
num.io.threads=8
socket.send.buffer.bytes=102400
socket.receive.buffer.bytes=102400
socket.request.max.bytes=104857600
log.dirs=/tmp/kraft-combined-logs
num.partitions=1
num.recovery.threads.per.data.dir=2
offsets.topic.replication.factor=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
log.retention.hours=168
log.segment.bytes=1073741824
log.retention.check.interval.ms=300000
`;

test("the file that Apache Kafka ships starts as it is", () => {
  const { config } = loadBrokerConfig(file(shipped));
  const [listener] = config.listeners;
  assert.deepEqual(
    [listener?.name, listener?.host, listener?.port],
    ["PLAINTEXT", undefined, 9092],
  );
  assert.deepEqual(listener?.advertised, { host: "localhost", port: 9092 });
  assert.deepEqual(
    config.controllerListeners.map((each) => each.port),
    [9093],
  );
  assert.deepEqual(config.logDirs, ["/tmp/kraft-combined-logs"]);
  assert.equal(config.metadataLogDir, "/tmp/kraft-combined-logs");
  assert.equal(config.logRetentionMs, 604_800_000);
});

test("the environment of the apache/kafka image's documentation starts as it is", () => {
  const { config } = loadBrokerConfig({
    environment: {
      KAFKA_NODE_ID: "1",
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP:
        "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT",
      KAFKA_ADVERTISED_LISTENERS: "PLAINTEXT_HOST://localhost:9092,PLAINTEXT://broker:19092",
      KAFKA_PROCESS_ROLES: "broker,controller",
      KAFKA_CONTROLLER_QUORUM_VOTERS: "1@broker:29093",
      KAFKA_LISTENERS: "CONTROLLER://:29093,PLAINTEXT_HOST://:9092,PLAINTEXT://:19092",
      KAFKA_INTER_BROKER_LISTENER_NAME: "PLAINTEXT",
      KAFKA_CONTROLLER_LISTENER_NAMES: "CONTROLLER",
      CLUSTER_ID: "4L6g3nShT-eMCtK--X86sw",
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: "1",
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: "0",
      KAFKA_LOG_DIRS: "/tmp/kraft-combined-logs",
      KAFKA_HEAP_OPTS: "-Xmx512M",
    },
  });
  assert.deepEqual(
    config.listeners.map((each) => each.name),
    ["PLAINTEXT_HOST", "PLAINTEXT"],
  );
  assert.equal(config.interBrokerListenerName, "PLAINTEXT");
  assert.equal(config.clusterId, "4L6g3nShT-eMCtK--X86sw");
});

test("an override is stronger than the environment, and that than the file", () => {
  const sources: ConfigSources = {
    ...file("num.partitions=1\nlog.retention.ms=1\nlog.roll.ms=1"),
    environment: { KAFKA_NUM_PARTITIONS: "2", KAFKA_LOG_RETENTION_MS: "2" },
    overrides: { "num.partitions": "3" },
  };
  const { config, staticConfigs } = loadBrokerConfig(sources);
  assert.deepEqual([config.numPartitions, config.logRetentionMs, config.logRollMs], [3, 2, 1]);
  assert.equal(staticConfigs.get("num.partitions")?.origin, "--override");
  assert.equal(staticConfigs.get("log.retention.ms")?.origin, "environment KAFKA_LOG_RETENTION_MS");
  assert.equal(staticConfigs.get("log.roll.ms")?.origin, "server.properties line 3");
});

test("all problems are told at once, each with its place", () => {
  const problems = problemsOf(
    file("num.partitions=x\n\nlog.retention.hour=1\nlog.roll.ms=0\nb\\u1=2"),
  );
  assert.deepEqual(problems, [
    "server.properties line 5: \\u1 is not a character; expected \\u and four hex digits",
    "server.properties line 3: log.retention.hour is not a configuration of a broker; did you mean log.retention.hours?",
    "server.properties line 1: num.partitions=x is not valid: expected a whole number from -2147483648 to 2147483647",
  ]);
});

test("what is given twice is taken from the last line, with a notice", () => {
  const { config, notices } = loadBrokerConfig(file("num.partitions=1\nnum.partitions=2"));
  assert.equal(config.numPartitions, 2);
  assert.deepEqual(
    notices.map((notice) => `${notice.origin}: ${notice.message}`),
    [
      "server.properties line 2: num.partitions was given before, in server.properties line 1; this one counts",
    ],
  );
});

test("static configurations are those that a broker knows", () => {
  const { staticConfigs } = loadBrokerConfig(
    file("num.partitions=1\nrsm.config.a=b\nlistener.name.plaintext.max.connections=7"),
  );
  assert.deepEqual(
    [...staticConfigs.keys()],
    ["num.partitions", "listener.name.plaintext.max.connections"],
  );
});

test("an override has a key and a value, which may have an equals sign", () => {
  assert.deepEqual(parseOverride("a.b = c=d "), { key: "a.b", value: "c=d" });
  assert.deepEqual(parseOverride("a="), { key: "a", value: "" });
  assert.throws(() => parseOverride("a.b"), /a\.b is not an override; expected key=value/);
  assert.throws(() => parseOverride("=b"), ConfigurationError);
});
