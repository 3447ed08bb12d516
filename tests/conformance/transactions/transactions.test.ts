/** Transactions as Java's clients and tools see them. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { type Broker, startBrokerUnderTest, startMillrace } from "../src/broker.ts";
import { javaCommand, kafkaTool } from "../src/java.ts";
import { lacking } from "../src/needs.ts";
import { output, runProgram } from "../src/program.ts";

const program = join(import.meta.dirname, "TransactionalClient.java");
const copier = "org.apache.kafka.tools.TransactionalMessageCopier";
const dumpTool = "org.apache.kafka.tools.DumpLogSegments";
const transactionsTool = "org.apache.kafka.tools.TransactionsCommand";
const skip = await lacking("java", "kcat");

describe("transactions", { skip }, () => {
  let broker: Broker;
  before(async () => {
    broker = await startBrokerUnderTest({
      properties: ["transaction.abort.timed.out.transaction.cleanup.interval.ms=500"],
    });
  });
  after(async () => broker[Symbol.asyncDispose]());

  const client = async (verb: string, topic: string) =>
    (await output(javaCommand(program, [verb, broker.bootstrap, topic]))).toString().trim();
  const committed = async (topic: string) => {
    const kcat = ["kcat", "-b", broker.bootstrap, "-t", topic, "-C", "-o", "beginning", "-e", "-q"];
    return (await output([...kcat, "-X", "isolation.level=read_committed"])).toString();
  };

  test("what was aborted is not read, and its offsets do not count", async () => {
    const printed = await client("alternate", "alternate");
    assert.equal(printed, "committed 40\nread 30 [round-0, round-2, round-4]");
  });

  test("a producer that takes over fences the one before it", async () => {
    assert.equal(await client("fence", "fence"), "fenced");
    assert.equal(await committed("fence"), "after\n");
  });

  test("a transaction that nobody ends is aborted when its time is up", async () => {
    assert.equal(await client("abandon", "abandoned"), "abandoned");
    await kafkaTool("org.apache.kafka.tools.TopicCommand", [
      "--bootstrap-server",
      broker.bootstrap,
      "--create",
      "--if-not-exists",
      "--topic",
      "abandoned",
    ]);
    let listed = "";
    // The tool takes a second: by its third start the transaction's second is long over.
    for (let attempt = 0; attempt < 5 && !listed.includes("CompleteAbort"); attempt++) {
      const asked = ["--bootstrap-server", broker.bootstrap, "list"];
      listed = await kafkaTool(transactionsTool, asked);
    }
    assert.match(listed, /transactional-client\s+1\s+\d+\s+CompleteAbort/);
    assert.equal(await committed("abandoned"), "");
  });

  test("an exactly-once copy survives kill -9 of the broker: the input once, in order", async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `${index}\n`).join("");
    await output(["kcat", "-b", broker.bootstrap, "-t", "eos-in", "-P"], { input: lines });
    const copying = runProgram(javaCommand(copier, copyArguments(broker.bootstrap)));
    await appears(broker.bootstrap, "eos-out");
    await broker.kill();
    await broker.start();
    const result = await copying;
    // A client that gave up is started again, as its supervisor would.
    if (result.status !== 0) await output(javaCommand(copier, copyArguments(broker.bootstrap)));
    assert.equal(await committed("eos-out"), lines);
  });
});

describe("the files that transactions leave", { skip }, () => {
  test("DumpLogSegments reads producer snapshots, aborted transactions, and the coordinators' records", async () => {
    await using broker = await startMillrace({
      properties: ["offsets.topic.num.partitions=1", "transaction.state.log.num.partitions=1"],
    });
    await output(javaCommand(program, ["alternate", broker.bootstrap, "alternate"]));
    assert.equal(await broker.stop(), 0);
    const dump = async (folder: string, ending: string, ...how: readonly string[]) => {
      const path = join(broker.dataFolder, folder);
      const files = readdirSync(path).filter((name) => name.endsWith(ending));
      assert.ok(files.length > 0, `${folder} has a file *${ending}`);
      const paths = files.map((name) => join(path, name)).join(",");
      const text = await kafkaTool(dumpTool, [...how, "--files", paths]);
      assert.doesNotMatch(text, /isvalid: false|mismatch|Exception|Could not|Skipping/i);
      return text;
    };
    const snapshot = await dump("alternate-0", ".snapshot");
    assert.match(snapshot, /producerId: \d+ producerEpoch: \d+ .*currentTxnFirstOffset: /);
    const aborted = await dump("alternate-0", ".txnindex");
    assert.match(aborted, /version: 0 producerId: \d+ firstOffset: \d+ lastOffset: \d+/);
    const offsets = await dump("__consumer_offsets-0", ".log", "--offsets-decoder");
    assert.match(
      offsets,
      /"type":"1","data":\{"group":"[^"]+","topic":"alternate","partition":0\}/,
    );
    const states = await dump("__transaction_state-0", ".log", "--transaction-log-decoder");
    assert.match(states, /"transactionalId":"[^"]+".*"transactionStatus"/s);
  });
});

function copyArguments(bootstrap: string): readonly string[] {
  return [
    "--input-topic",
    "eos-in",
    "--input-partition",
    "0",
    "--output-topic",
    "eos-out",
    "--broker-list",
    bootstrap,
    "--max-messages",
    "20000",
    "--consumer-group",
    "eos-copy",
    "--transaction-size",
    "750",
    "--transactional-id",
    "eos-copier",
    "--enable-random-aborts",
    "--use-group-metadata",
  ];
}

/** Waits until a topic has its first records, each look being a whole run of kcat. */
async function appears(bootstrap: string, topic: string): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt++) {
    const asked = ["kcat", "-b", bootstrap, "-Q", "-t", `${topic}:0:-1`];
    const { status, stdout } = await runProgram(asked);
    if (status === 0 && !/offset 0$/m.test(stdout.toString().trim())) return;
  }
  assert.fail(`${topic} stayed empty`);
}
