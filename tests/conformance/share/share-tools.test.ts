/** Share groups (KIP-932) as Apache Kafka's own tools administer them. */
import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";

import { type Broker, startBrokerUnderTest } from "../src/broker.ts";
import { javaCommand, kafkaTool } from "../src/java.ts";
import { lacking } from "../src/needs.ts";
import { output, runProgram } from "../src/program.ts";

const skip = await lacking("java", "kcat");
const isKafka = process.env["CONFORMANCE_BROKER"] === "kafka";
const tools = "org.apache.kafka.tools";

/** Members learn of their partitions with a heartbeat: with the default, after five seconds. */
const briefHeartbeats = [
  "group.share.min.heartbeat.interval.ms=500",
  "group.share.heartbeat.interval.ms=500",
  "share.coordinator.state.topic.num.partitions=1",
];
const oneReplica = [
  "share.coordinator.state.topic.replication.factor=1",
  "share.coordinator.state.topic.min.isr=1",
];

/** The group's life in order: each test goes on from the one before. */
describe("Apache Kafka's tools for share groups", { skip }, () => {
  let broker: Broker;
  let consumed: ReturnType<typeof runProgram>;
  before(async () => {
    broker = await startBrokerUnderTest({ properties: [...briefHeartbeats, ...oneReplica] });
    await run("TopicCommand", "--create", "--topic", "orders", "--partitions", "2");
    await produce(0, 10);
    await produce(1, 9);
    const asked = ["--topic", "orders", "--group-id", "queue", "--max-messages", "20"];
    const earliest = ["--offset-reset-strategy", "earliest"];
    consumed = runProgram(words("VerifiableShareConsumer", [...asked, ...earliest]));
  });
  after(async () => {
    await broker[Symbol.asyncDispose]();
    await consumed;
  });

  const words = (tool: string, args: readonly string[]) =>
    javaCommand(`${tools}.${tool}`, ["--bootstrap-server", broker.bootstrap, ...args]);
  const run = async (tool: string, ...args: readonly string[]) =>
    (await output(words(tool, args))).toString();
  const shareGroup = (...args: readonly string[]) =>
    run("consumer.group.ShareGroupCommand", ...args);
  /** What a tool says that may fail. */
  const said = async (...args: readonly string[]) => {
    const { stdout, stderr } = await runProgram(words("consumer.group.ShareGroupCommand", args));
    return `${stdout.toString()}${stderr}`;
  };
  const produce = async (partition: number, count: number) => {
    const input = Array.from({ length: count }, (_, index) => `${index}\n`).join("");
    const kcat = ["kcat", "-b", broker.bootstrap, "-t", "orders", "-p", String(partition), "-P"];
    await output(kcat, { input });
  };
  const offsets = async () =>
    [
      ...(await shareGroup("--describe", "--group", "queue")).matchAll(
        /orders +(\d) +(\S+) +(\S+)/g,
      ),
    ]
      .map(([, partition, start, lag]) => `${partition}: ${start} ${lag}`)
      .sort();

  test("--describe shows members with what they are assigned, and the state", async () => {
    let members = "";
    for (let attempt = 0; attempt < 10 && !members.includes("orders"); attempt++) {
      members = await said("--describe", "--group", "queue", "--members");
    }
    assert.match(members, /^queue +\S{22} +\/127\.0\.0\.1 +\S+ +2 +orders:0,1$/m);
    const state = await shareGroup("--describe", "--group", "queue", "--state");
    assert.match(state, /^queue +\S+ +\(1\) +Stable +1$/m);
  });

  test("a group with members is neither deleted nor set to other offsets", async () => {
    const deletion = await said("--delete", "--group", "queue");
    assert.match(deletion, /GroupNotEmptyException/);
    const reset = ["--reset-offsets", "--group", "queue", "--topic", "orders", "--to-earliest"];
    assert.match(await said(...reset, "--execute"), /not empty|GroupNotEmpty|inactive/i);
  });

  test("lists know its type and state; offsets and lag are those of what was consumed", async () => {
    await produce(1, 1);
    const { status, stdout } = await consumed;
    assert.equal(status, 0, stdout.toString());
    assert.match(await shareGroup("--list", "--state"), /^queue +Empty$/m);
    assert.match(await run("GroupsCommand", "--list", "--share"), /^queue +Share +share *$/m);
    assert.doesNotMatch(await run("GroupsCommand", "--list", "--consumer"), /queue/);
    await produce(0, 6);
    const described = await offsets();
    assert.deepEqual(
      described.map((line) => line.replace(/(\d): \S+/, "$1:")),
      ["0: 6", "1: 0"],
    );
  });

  test("offsets go back to the beginning, and on to the end", async () => {
    const reset = ["--reset-offsets", "--group", "queue", "--topic"];
    await shareGroup(...reset, "orders", "--to-earliest", "--dry-run");
    await shareGroup(...reset, "orders", "--to-earliest", "--execute");
    assert.deepEqual(await offsets(), ["0: 0 16", "1: 0 10"]);
    await shareGroup(...reset, "orders:0", "--to-latest", "--execute");
    assert.deepEqual(await offsets(), ["0: 16 0", "1: 0 10"]);
  });

  test("its records are read by Kafka's dump tool", { skip: isKafka }, async () => {
    const folder = join(broker.dataFolder, "__share_group_state-0");
    const files = readdirSync(folder)
      .filter((name) => name.endsWith(".log"))
      .map((name) => join(folder, name))
      .filter((path) => statSync(path).size > 0);
    const asked = ["--share-group-state-decoder", "--files", files.join()];
    const dumped = await kafkaTool(`${tools}.DumpLogSegments`, asked);
    assert.match(dumped, /"groupId":"queue".*"startOffset":16,"deliveryCompleteCount":0,/);
    assert.match(dumped, /"lastOffset":9,"deliveryState":2,"deliveryCount":1/);
  });

  test("a consumer group's tool does not know it, nor this one a consumer group", async () => {
    const kcat = ["kcat", "-b", broker.bootstrap, "-G", "readers", "-e", "-q"];
    await output([...kcat, "-X", "auto.offset.reset=earliest", "orders"]);
    assert.match(await said("--describe", "--group", "readers"), /not a share group/);
    const asked = ["--describe", "--group", "queue"];
    const other = await runProgram(words("consumer.group.ConsumerGroupCommand", asked));
    assert.match(
      `${other.stdout.toString()}${other.stderr}`,
      /GroupIdNotFound|not found|does not exist/,
    );
  });

  test("its offsets are deleted, and then the group", async () => {
    const deletion = ["--delete-offsets", "--group", "queue", "--topic", "orders"];
    assert.match(await shareGroup(...deletion), /^orders +Successful$/m);
    assert.match(await said("--describe", "--group", "queue"), /no offset information/);
    assert.match(await said(...deletion), /^orders +Error: /m);
    assert.match(await shareGroup("--delete", "--group", "queue"), /was successful/);
    assert.doesNotMatch(await shareGroup("--list"), /queue/);
  });
});
