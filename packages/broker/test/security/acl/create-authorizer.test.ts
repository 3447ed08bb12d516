import assert from "node:assert/strict";
import { test } from "node:test";

import { CreateAcls, DescribeCluster, ListPartitionReassignments } from "@millrace/protocol";

import { allow, withAuthorizer } from "../../support/acls.ts";
import { BrokerFixture } from "../../support/broker-fixture.ts";

test("denials are counted by request, and entries are counted", async () => {
  await using fixture = await BrokerFixture.start({ config: withAuthorizer });
  fixture.actAs("admin");
  await fixture.request(CreateAcls, 3, { creations: [allow("alice", "READ", "TOPIC", "orders")] });
  fixture.actAs("mallory");
  for (let times = 0; times < 2; times += 1) {
    await fixture.request(ListPartitionReassignments, 0, { topics: null });
  }
  await fixture.request(DescribeCluster, 1, { includeClusterAuthorizedOperations: false });
  const metrics = fixture.platform.metrics.exposition();
  const prefix = "kafka_server_authorizer_metrics";
  const line = `${prefix}_authorization_denied_total{request="ListPartitionReassignments"} 2`;
  assert.ok(metrics.includes(line), metrics.match(/.*authorizer_metrics.*/g)?.join("\n"));
  assert.ok(metrics.includes(`${prefix}_acls_total_count 1`));
  assert.ok(!metrics.includes('denied_total{request="DescribeCluster"}'));
});

test("without an authorizer everybody may do everything, and nothing is counted", async () => {
  await using fixture = await BrokerFixture.start();
  const answer = await fixture.request(ListPartitionReassignments, 0, { topics: null });
  assert.equal(answer.errorCode, 0);
  assert.ok(!fixture.platform.metrics.exposition().includes("authorizer_metrics"));
});
