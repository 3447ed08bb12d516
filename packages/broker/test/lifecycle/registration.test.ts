import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeResponse, encodeRequest, errorName, isUuid, Produce } from "@millrace/protocol";

import { Registration } from "../../src/lifecycle/registration.ts";
import { batchOf, BrokerFixture, createTopic } from "../support/broker-fixture.ts";

const anotherUuid = "AAAAAAAAAAAAAAAAAAB3dw";
assert.ok(isUuid(anotherUuid));

const produceVersion = 9;

function produceFrame(topic: string): readonly Uint8Array[] {
  const partitionData = [{ index: 0, records: batchOf("knock") }];
  return encodeRequest(Produce, produceVersion, {
    correlationId: 1,
    clientId: "knocker",
    body: { acks: 1, timeoutMs: 1000, topicData: [{ name: topic, partitionData }] },
  });
}

function errorOfProduce(frame: Buffer): string {
  const { body } = decodeResponse(Produce, produceVersion, frame.subarray(4));
  return errorName(body.responses[0]?.partitionResponses[0]?.errorCode ?? -1);
}

function own(fixture: BrokerFixture) {
  const broker = fixture.broker.services.image().brokers.get(1);
  assert.ok(broker !== undefined);
  return broker;
}

test("each start has a higher broker epoch; a stop gives up leadership, a start takes it again", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const before = own(fixture);
  assert.equal(before.isFenced, false);
  const epochBefore = fixture.broker.services.replicas.partition("orders", 0)?.leaderEpoch ?? -1;
  await fixture.restart();
  const after = own(fixture);
  assert.ok(after.epoch > before.epoch);
  assert.equal(after.isFenced, false);
  const partition = fixture.broker.services.replicas.partition("orders", 0);
  assert.equal(partition?.isLeader, true);
  assert.ok(partition.leaderEpoch > epochBefore);
});

test("a log that was carried from a removed directory into another is led when the start is over", async () => {
  await using fixture = await BrokerFixture.start({ config: { "log.dirs": "/a,/b" } });
  for (const topic of ["one", "two"]) await createTopic(fixture, topic);
  await fixture.platform.clock.advance(1000);
  const { fileSystem } = fixture.platform;
  const carried = ["one", "two"].filter((topic) => fileSystem.exists(`/b/${topic}-0`));
  assert.equal(carried.length, 1, "each directory took one log");
  await fixture.restart({
    config: { "log.dirs": "/a" },
    whileStopped: () => {
      for (const topic of carried) fileSystem.rename(`/b/${topic}-0`, `/a/${topic}-0`);
    },
  });
  for (const topic of ["one", "two"]) {
    const partition = fixture.broker.services.replicas.partition(topic, 0);
    assert.equal(partition?.isLeader, true, `${topic} is led`);
  }
});

test("a broker whose image lags is asked to wait, and asks again until it is unfenced", async () => {
  await using fixture = await BrokerFixture.start();
  const { services } = fixture.broker;
  const known = own(fixture);
  let lag = 2;
  const registration = new Registration({
    controller: services.controller,
    clock: fixture.platform.clock,
    brokerId: 2,
    clusterId: services.clusterId,
    incarnationId: anotherUuid,
    rack: null,
    features: known.features,
    logDirs: [anotherUuid],
    previousBrokerEpoch: -1,
    metadataOffset: () => {
      lag -= 1;
      return lag >= 0 ? 0 : services.image().provenance.lastContainedOffset;
    },
  });
  await fixture.settled(registration.register(known.endpoints));
  assert.equal(services.image().brokers.get(2)?.isFenced, true);
  await fixture.settled(registration.unfence());
  assert.equal(services.image().brokers.get(2)?.isFenced, false);
});

test("who knocks while the broker comes back is answered by a leader", async () => {
  await using fixture = await BrokerFixture.start();
  await createTopic(fixture, "orders");
  const { network } = fixture.platform;
  let isBack = false;
  const answers: Buffer[][] = [];
  const knock = async (): Promise<void> => {
    while (!isBack) {
      const address = { host: "localhost", port: 9092, timeoutMs: 1000 };
      const connection = await network.connect(address).catch(() => undefined);
      if (connection === undefined) continue;
      const pieces: Buffer[] = [];
      answers.push(pieces);
      connection.onData((bytes) => pieces.push(bytes));
      connection.write(produceFrame("orders"));
    }
  };
  const coming = fixture.crash("kill");
  const knocking = knock();
  await coming;
  isBack = true;
  await fixture.platform.clock.advance(1000);
  await fixture.settled(knocking);
  const errors = answers.map((pieces) => errorOfProduce(Buffer.concat(pieces)));
  assert.deepEqual([...new Set(errors)], ["NONE"]);
});
