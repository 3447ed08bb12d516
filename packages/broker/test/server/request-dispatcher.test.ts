import assert from "node:assert/strict";
import { test } from "node:test";

import { encodeRequest, Metadata } from "@millrace/protocol";

import { BrokerFixture } from "../support/broker-fixture.ts";

function metadataFrame(): Buffer {
  const request = { correlationId: 1, clientId: "c", body: { topics: [] } };
  return Buffer.concat(encodeRequest(Metadata, 12, request)).subarray(4);
}

test("an API key or version that is not served closes the connection, as Apache Kafka does", async () => {
  await using fixture = await BrokerFixture.start();
  const unknownKey = metadataFrame();
  unknownKey.writeInt16BE(999, 0);
  assert.equal((await fixture.sendFrame(unknownKey)).kind, "close");
  const unknownVersion = metadataFrame();
  unknownVersion.writeInt16BE(99, 2);
  assert.equal((await fixture.sendFrame(unknownVersion)).kind, "close");
  const negative = metadataFrame();
  negative.writeInt16BE(-1, 2);
  assert.equal((await fixture.sendFrame(negative)).kind, "close");
});

test("a request cut anywhere closes the connection and nothing else", async () => {
  await using fixture = await BrokerFixture.start();
  const whole = metadataFrame();
  assert.equal((await fixture.sendFrame(whole)).kind, "send");
  for (let length = 0; length < whole.length; length += 1) {
    const answer = await fixture.sendFrame(whole.subarray(0, length));
    assert.equal(answer.kind, "close", `${length} bytes`);
  }
});

test("bytes behind a request are ignored: librdkafka sends three behind some Metadata", async () => {
  await using fixture = await BrokerFixture.start();
  const longer = Buffer.concat([metadataFrame(), Buffer.from([0, 1, 0])]);
  assert.equal((await fixture.sendFrame(longer)).kind, "send");
});

test("an answered request is counted and timed by its API's name", async () => {
  await using fixture = await BrokerFixture.start();
  await fixture.request(Metadata, 12, { topics: [] });
  await fixture.request(Metadata, 12, { topics: [] });
  assert.match(
    fixture.platform.metrics.exposition(),
    /kafka_network_RequestMetrics_RequestsPerSec_total\{request="Metadata"\} 2/,
  );
});
