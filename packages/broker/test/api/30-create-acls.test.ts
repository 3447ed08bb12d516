import assert from "node:assert/strict";
import { test } from "node:test";

import { CreateAcls, DeleteAcls, DescribeAcls, errorName } from "@millrace/protocol";

import { allow, withAuthorizer } from "../support/acls.ts";
import { BrokerFixture } from "../support/broker-fixture.ts";

const everything = {
  resourceTypeFilter: 1,
  resourceNameFilter: null,
  patternTypeFilter: 1,
  principalFilter: null,
  hostFilter: null,
  operation: 1,
  permissionType: 1,
};

async function namesTold(fixture: BrokerFixture): Promise<readonly string[]> {
  const told = await fixture.request(DescribeAcls, 3, everything);
  assert.equal(errorName(told.errorCode), "NONE");
  return told.resources.map(({ resourceName, acls }) => `${resourceName} ${acls.length}`).sort();
}

test("entries are created, listed by resource, deleted, and survive a restart", async () => {
  await using fixture = await BrokerFixture.start({ config: withAuthorizer });
  fixture.actAs("admin");
  const creations = [
    allow("alice", "READ", "TOPIC", "orders"),
    allow("bob", "READ", "TOPIC", "orders"),
    allow("bob", "ALTER", "CLUSTER", "kafka-cluster"),
  ];
  const created = await fixture.request(CreateAcls, 3, { creations });
  assert.deepEqual(
    created.results.map(({ errorCode }) => errorCode),
    [0, 0, 0],
  );
  assert.deepEqual(await namesTold(fixture), ["kafka-cluster 1", "orders 2"]);
  await fixture.restart();
  fixture.actAs("admin");
  assert.deepEqual(await namesTold(fixture), ["kafka-cluster 1", "orders 2"]);
  const filters = [{ ...everything, principalFilter: "User:bob" }];
  const deleted = await fixture.request(DeleteAcls, 3, { filters });
  assert.equal(deleted.filterResults[0]?.matchingAcls.length, 2);
  assert.deepEqual(await namesTold(fixture), ["orders 1"]);
});

test("an entry for another name of the cluster is refused, and no other with it", async () => {
  await using fixture = await BrokerFixture.start({ config: withAuthorizer });
  fixture.actAs("admin");
  const creations = [
    allow("alice", "ALTER", "CLUSTER", "mine"),
    allow("alice", "READ", "TOPIC", ""),
    allow("alice", "READ", "TOPIC", "orders"),
  ];
  const { results } = await fixture.request(CreateAcls, 3, { creations });
  assert.deepEqual(
    results.map(({ errorCode }) => errorName(errorCode)),
    ["INVALID_REQUEST", "INVALID_REQUEST", "NONE"],
  );
});

test("without an authorizer there are no entries to speak of", async () => {
  await using fixture = await BrokerFixture.start();
  const creations = [allow("alice", "READ", "TOPIC", "orders")];
  const created = await fixture.request(CreateAcls, 3, { creations });
  const deleted = await fixture.request(DeleteAcls, 3, { filters: [everything] });
  const told = await fixture.request(DescribeAcls, 3, everything);
  assert.deepEqual(
    [created.results[0], deleted.filterResults[0], told].map((each) =>
      errorName(each?.errorCode ?? 0),
    ),
    ["SECURITY_DISABLED", "SECURITY_DISABLED", "SECURITY_DISABLED"],
  );
});

test("only who may describe or alter the cluster sees or changes entries", async () => {
  await using fixture = await BrokerFixture.start({ config: withAuthorizer });
  fixture.actAs("mallory");
  const creations = [allow("mallory", "READ", "TOPIC", "orders")];
  const created = await fixture.request(CreateAcls, 3, { creations });
  const deleted = await fixture.request(DeleteAcls, 3, { filters: [everything] });
  const told = await fixture.request(DescribeAcls, 3, everything);
  for (const each of [created.results[0], deleted.filterResults[0], told]) {
    assert.equal(errorName(each?.errorCode ?? 0), "CLUSTER_AUTHORIZATION_FAILED");
  }
});
