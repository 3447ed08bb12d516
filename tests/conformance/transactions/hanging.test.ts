/** Transactions that hang, and those of a producer that is gone, ended with Kafka's own tool. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import {
  type ApiSchema,
  buildRecordBatch,
  decodeResponse,
  encodeRequest,
  errorName,
  InitProducerId,
  Produce,
  type RequestInput,
  type ResponseOf,
} from "@millrace/protocol";
import { type Broker, startBrokerUnderTest } from "../src/broker.ts";
import { javaCommand, kafkaTool } from "../src/java.ts";
import { lacking } from "../src/needs.ts";
import { output } from "../src/program.ts";

const program = join(import.meta.dirname, "TransactionalClient.java");
const skip = await lacking("java", "kcat");
const hourMs = 3_600_000;

describe("transactions that nobody will end", { skip }, () => {
  let broker: Broker;
  before(async () => {
    // Without it a transactional batch that no coordinator knows of is let in, as it was before.
    const unverified = "transaction.partition.verification.enable=false";
    broker = await startBrokerUnderTest({ properties: [unverified] });
  });
  after(async () => broker[Symbol.asyncDispose]());

  const tool = (name: string, ...args: readonly string[]) => {
    return kafkaTool(`org.apache.kafka.tools.${name}`, [
      "--bootstrap-server",
      broker.bootstrap,
      ...args,
    ]);
  };
  const committed = async (topic: string) => {
    const kcat = ["kcat", "-b", broker.bootstrap, "-t", topic, "-C", "-o", "beginning", "-e", "-q"];
    return (await output([...kcat, "-X", "isolation.level=read_committed"])).toString();
  };
  const produce = async (topic: string, line: string) => {
    await output(["kcat", "-b", broker.bootstrap, "-t", topic, "-P"], { input: line });
  };

  test("a hanging transaction is found and aborted, and what stands behind it is read", async () => {
    await tool("TopicCommand", "--create", "--topic", "hanging", "--partitions", "1");
    await produce("hanging", "before\n");
    const { producerId } = await leaveHanging(broker, "hanging");
    await produce("hanging", "behind\n");
    assert.equal(await committed("hanging"), "before\n");
    const found = await tool(
      "TransactionsCommand",
      "find-hanging",
      "--broker-id",
      "1",
      "--max-transaction-timeout",
      "1",
    );
    assert.match(found, new RegExp(`^hanging\\s+0\\s+${producerId}\\s+0\\s+-?\\d+\\s+1\\s`, "m"));
    const place = ["--topic", "hanging", "--partition", "0", "--start-offset", "1"];
    await tool("TransactionsCommand", "abort", ...place);
    assert.equal(await committed("hanging"), "before\nbehind\n");
    const producers = ["--topic", "hanging", "--partition", "0"];
    const described = await tool("TransactionsCommand", "describe-producers", ...producers);
    assert.match(described, new RegExp(`^${producerId}\\s+0\\s.*\\sNone\\s*$`, "m"));
  });

  test("the transaction of a producer that is gone is terminated by force", async () => {
    await tool("TopicCommand", "--create", "--topic", "forced", "--partitions", "1");
    const client = javaCommand(program, ["leave", broker.bootstrap, "forced"]);
    assert.equal((await output(client)).toString().trim(), "abandoned");
    await produce("forced", "behind\n");
    assert.equal(await committed("forced"), "");
    const id = ["--transactionalId", "transactional-client"];
    await tool("TransactionsCommand", "forceTerminateTransaction", ...id);
    assert.equal(await committed("forced"), "behind\n");
    assert.match(await tool("TransactionsCommand", "list"), /transactional-client\s.*Empty/);
  });
});

/** Writes a transactional batch, an hour old, of which no coordinator knows. */
async function leaveHanging(broker: Broker, topic: string): Promise<{ producerId: bigint }> {
  const producerId = await freshProducerId(broker);
  const timestamp = Date.now() - hourMs;
  const batch = buildRecordBatch([{ timestamp, key: null, value: Buffer.from("hangs") }], {
    producerId,
    producerEpoch: 0,
    baseSequence: 0,
    isTransactional: true,
  });
  const answer = await ask(broker, Produce, 9, {
    transactionalId: "nobody",
    acks: -1,
    timeoutMs: 10_000,
    topicData: [{ name: topic, partitionData: [{ index: 0, records: batch }] }],
  });
  const error = answer.responses[0]?.partitionResponses[0]?.errorCode ?? -1;
  assert.equal(errorName(error), "NONE");
  return { producerId };
}

/** A producer's id; Apache Kafka has none to give in its first moments. */
async function freshProducerId(broker: Broker): Promise<bigint> {
  for (let attempt = 0; attempt < 40; attempt++) {
    const made = await ask(broker, InitProducerId, 4, {
      transactionalId: null,
      transactionTimeoutMs: 60_000,
      producerId: -1n,
      producerEpoch: -1,
    });
    if (made.errorCode === 0) return made.producerId;
    await sleep(250);
  }
  throw new Error("no producer id is given");
}

/** Sends one request on a connection of its own. */
function ask<Api extends ApiSchema>(
  broker: Broker,
  api: Api,
  version: number,
  body: RequestInput<Api>,
): Promise<ResponseOf<Api>> {
  const [host = "", port = ""] = broker.bootstrap.split(":");
  const chunks = encodeRequest(api, version, { correlationId: 1, clientId: "hanging", body });
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port) }, () => {
      socket.write(Buffer.concat(chunks));
    });
    let received = Buffer.alloc(0);
    socket.on("error", reject);
    socket.on("data", (bytes) => {
      received = Buffer.concat([received, bytes]);
      if (received.length < 4 || received.length < 4 + received.readInt32BE(0)) return;
      socket.destroy();
      resolve(decodeResponse(api, version, received.subarray(4)).body);
    });
  });
}
