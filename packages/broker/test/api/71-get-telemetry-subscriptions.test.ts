import assert from "node:assert/strict";
import { test } from "node:test";

import {
  ApiVersions,
  errorName,
  GetTelemetrySubscriptions,
  IncrementalAlterConfigs,
  ZERO_UUID,
} from "@millrace/protocol";

import { BrokerFixture } from "../support/broker-fixture.ts";

test("a client is known by the software that it named in ApiVersions", async () => {
  await using fixture = await BrokerFixture.start();
  await fixture.request(IncrementalAlterConfigs, 1, {
    resources: [
      {
        resourceType: 16,
        resourceName: "mine",
        configs: [
          { name: "metrics", configOperation: 0, value: "m." },
          { name: "match", configOperation: 0, value: "client_software_name=x,client_id=test" },
        ],
      },
    ],
    validateOnly: false,
  });
  const ask = () => fixture.request(GetTelemetrySubscriptions, 0, { clientInstanceId: ZERO_UUID });
  const before = await ask();
  assert.deepEqual(before.requestedMetrics, []);
  const named = { clientSoftwareName: "x", clientSoftwareVersion: "1" };
  await fixture.request(ApiVersions, 3, named);
  const after = await ask();
  assert.deepEqual(after.requestedMetrics, ["m."]);
  assert.notEqual(after.clientInstanceId, before.clientInstanceId);
});

test("a client that asks again at once is told nothing but that it is too early", async () => {
  await using fixture = await BrokerFixture.start();
  const ask = (clientInstanceId: typeof ZERO_UUID) =>
    fixture.request(GetTelemetrySubscriptions, 0, { clientInstanceId });
  const first = await ask(ZERO_UUID);
  const again = await ask(first.clientInstanceId);
  assert.equal(errorName(again.errorCode), "THROTTLING_QUOTA_EXCEEDED");
  assert.equal(again.clientInstanceId, ZERO_UUID);
});
