import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiVersions, decodeResponse, encodeRequest, errorName } from "@millrace/protocol";

import { BrokerFixture } from "../support/broker-fixture.ts";

const client = { clientSoftwareName: "test", clientSoftwareVersion: "1.0" };

test("every version lists the APIs, Produce from version 0 on", async () => {
  await using fixture = await BrokerFixture.start();
  for (let version = 0; version <= 4; version += 1) {
    const answer = await fixture.request(ApiVersions, version, version >= 3 ? client : {});
    assert.equal(answer.errorCode, 0);
    const produce = answer.apiKeys.find(({ apiKey }) => apiKey === 0);
    assert.deepEqual(produce, { apiKey: 0, minVersion: 0, maxVersion: 13 });
    const keys = answer.apiKeys.map(({ apiKey }) => apiKey);
    assert.deepEqual(
      keys,
      keys.toSorted((left, right) => left - right),
    );
  }
});

test("version 3 tells features, version 4 also those that begin at level 0", async () => {
  await using fixture = await BrokerFixture.start();
  const third = await fixture.request(ApiVersions, 3, client);
  assert.deepEqual(
    third.supportedFeatures.map(({ name }) => name),
    ["metadata.version"],
  );
  assert.ok(third.finalizedFeatures.some(({ name }) => name === "transaction.version"));
  const fourth = await fixture.request(ApiVersions, 4, client);
  assert.ok(fourth.supportedFeatures.some(({ name }) => name === "group.version"));
});

test("a version that is not served is answered in version 0, with the range", async () => {
  await using fixture = await BrokerFixture.start();
  const frame = Buffer.concat(
    encodeRequest(ApiVersions, 4, { correlationId: 9, clientId: null, body: client }),
  ).subarray(4);
  frame.writeInt16BE(99, 2);
  const answer = await fixture.sendFrame(frame);
  assert.ok(answer.kind === "send");
  const { correlationId, body } = decodeResponse(
    ApiVersions,
    0,
    Buffer.concat(answer.chunks).subarray(4),
  );
  assert.equal(correlationId, 9);
  assert.equal(errorName(body.errorCode), "UNSUPPORTED_VERSION");
  assert.deepEqual(
    body.apiKeys.map(({ apiKey, minVersion, maxVersion }) => [apiKey, minVersion, maxVersion]),
    [[18, 0, 4]],
  );
});

test("software without a name is refused", async () => {
  await using fixture = await BrokerFixture.start();
  const answer = await fixture.request(ApiVersions, 3, { ...client, clientSoftwareName: "-" });
  assert.equal(errorName(answer.errorCode), "INVALID_REQUEST");
});
