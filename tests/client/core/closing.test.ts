/** A client that is closed closes what it made: a program ends by itself then. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";

import { Client, string } from "@millrace/client";

import { type ClientBroker, eachBroker, uniqueName } from "../src/index.ts";

const program = join(import.meta.dirname, "closing-program.ts");

/** Runs the program on a topic of its own; it is ended by force after a while, which fails. */
async function close(broker: ClientBroker, part: string): Promise<string> {
  const topic = uniqueName("closing");
  const arguments_ = [program, broker.bootstrap, part, topic];
  const { stderr } = await promisify(execFile)(process.execPath, arguments_, { timeout: 20_000 });
  assert.equal(stderr, "");
  return topic;
}

async function valuesOf(broker: ClientBroker, topic: string): Promise<readonly string[]> {
  await using client = new Client({ bootstrap: broker.bootstrap });
  const consumer = client.consumer({ value: string, offsetReset: "earliest" });
  const partitions = [{ topic, partition: 0 }];
  consumer.assign(partitions);
  const [end] = await consumer.endOffsets(partitions);
  const values: string[] = [];
  while (BigInt(values.length) < (end?.offset ?? 0n)) {
    for await (const { records } of consumer.batches()) {
      for (const { value } of records) values.push(value ?? "");
      break;
    }
  }
  return values;
}

async function membersOf(broker: ClientBroker, group: string): Promise<number> {
  await using client = new Client({ bootstrap: broker.bootstrap });
  const described = (await client.admin().describeConsumerGroups([group])).get(group);
  assert.ok(described !== undefined && "members" in described);
  return described.members.length;
}

eachBroker("a closed client has sent what its producers had", async (broker) => {
  assert.deepEqual(await valuesOf(broker, await close(broker, "producer")), ["left to the end"]);
});

eachBroker("a closed client has aborted what was open", async (broker) => {
  const id = await close(broker, "transaction");
  await using client = new Client({ bootstrap: broker.bootstrap });
  const described = (await client.admin().describeTransactions([id])).get(id);
  assert.ok(described !== undefined && "state" in described);
  assert.match(described.state, /Abort/);
});

for (const part of ["classic consumer", "KIP-848 consumer"]) {
  eachBroker(`a closed client has left its groups: ${part}`, async (broker) => {
    assert.equal(await membersOf(broker, await close(broker, part)), 0);
  });
}

eachBroker("a closed client has left its share groups", async (broker) => {
  const group = await close(broker, "share consumer");
  await using client = new Client({ bootstrap: broker.bootstrap });
  const described = (await client.admin().describeShareGroups([group])).get(group);
  assert.ok(described !== undefined && "members" in described);
  assert.equal(described.members.length, 0);
});

eachBroker("a closed client has waited for the handlers of its runs", async (broker) => {
  const topic = await close(broker, "run of a consumer");
  assert.deepEqual(await valuesOf(broker, topic), ["in hand", "made of it"]);
});
