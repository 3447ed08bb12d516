import assert from "node:assert/strict";
import { test } from "node:test";

import { DescribeCluster, errorName } from "@millrace/protocol";

import { BrokerFixture } from "../support/broker-fixture.ts";

test("every version tells the cluster and its brokers", async () => {
  await using fixture = await BrokerFixture.start({ config: { "broker.rack": "r1" } });
  for (let version = 0; version <= 2; version += 1) {
    const answer = await fixture.request(DescribeCluster, version, {
      includeClusterAuthorizedOperations: true,
    });
    assert.equal(answer.clusterId, fixture.broker.services.clusterId);
    assert.deepEqual(
      answer.brokers.map(({ brokerId, host, port, rack }) => [brokerId, host, port, rack]),
      [[1, "localhost", 9092, "r1"]],
    );
    assert.equal(answer.clusterAuthorizedOperations, 8096);
  }
});

test("a broker's listener does not tell of controllers", async () => {
  await using fixture = await BrokerFixture.start();
  const ask = async (endpointType: number): Promise<string> => {
    const answer = await fixture.request(DescribeCluster, 1, {
      includeClusterAuthorizedOperations: false,
      endpointType,
    });
    return errorName(answer.errorCode);
  };
  assert.equal(await ask(2), "MISMATCHED_ENDPOINT_TYPE");
  assert.equal(await ask(7), "UNSUPPORTED_ENDPOINT_TYPE");
});
