import assert from "node:assert/strict";
import { test } from "node:test";

import {
  AlterClientQuotas,
  DescribeClientQuotas,
  errorName,
  type RequestInput,
} from "@millrace/protocol";

import { BrokerFixture } from "../support/broker-fixture.ts";

type Filter = RequestInput<typeof DescribeClientQuotas>["components"];

async function withQuotas(): Promise<BrokerFixture> {
  const fixture = await BrokerFixture.start();
  const entities = ["user=alice", "user=alice client-id=app", "user= client-id=app", "ip="];
  const entries = entities.map((text) => ({
    entity: text.split(" ").map((part) => {
      const [entityType = "", name = ""] = part.split("=");
      return { entityType, entityName: name === "" ? null : name };
    }),
    ops: [
      {
        key: text === "ip=" ? "connection_creation_rate" : "producer_byte_rate",
        value: 10,
        remove: false,
      },
    ],
  }));
  const altered = await fixture.request(AlterClientQuotas, 1, { entries, validateOnly: false });
  assert.deepEqual(
    altered.entries.map(({ errorCode }) => errorName(errorCode)),
    ["NONE", "NONE", "NONE", "NONE"],
  );
  return fixture;
}

async function describeWith(fixture: BrokerFixture, components: Filter, strict: boolean) {
  const answer = await fixture.request(DescribeClientQuotas, 1, { components, strict });
  if (answer.entries === null) return errorName(answer.errorCode);
  return answer.entries
    .map(({ entity, values }) => {
      const parts = entity.map(({ entityType, entityName }) => `${entityType}=${entityName ?? ""}`);
      return [...parts, ...values.map(({ key, value }) => `${key}:${value}`)].join(" ");
    })
    .sort();
}

test("quotas are found by exact names, by defaults and by types", async () => {
  await using fixture = await withQuotas();
  const alice = { entityType: "user", matchType: 0, match: "alice" };
  const anyClient = { entityType: "client-id", matchType: 2, match: null };
  const anyIp = { entityType: "ip", matchType: 2, match: null };
  const ofAlice = "user=alice producer_byte_rate:10";
  const ofAliceApp = "client-id=app user=alice producer_byte_rate:10";
  const ofDefaultApp = "client-id=app user= producer_byte_rate:10";
  const ofAnyIp = "ip= connection_creation_rate:10";
  const all = [ofAlice, ofAliceApp, ofDefaultApp, ofAnyIp].sort();
  assert.deepEqual(await describeWith(fixture, [], false), all);
  assert.deepEqual(await describeWith(fixture, [], true), []);
  assert.deepEqual(await describeWith(fixture, [alice], false), [ofAliceApp, ofAlice].sort());
  assert.deepEqual(await describeWith(fixture, [alice], true), [ofAlice]);
  assert.deepEqual(await describeWith(fixture, [alice, anyClient], true), [ofAliceApp]);
  assert.deepEqual(await describeWith(fixture, [{ ...alice, matchType: 1, match: null }], false), [
    ofDefaultApp,
  ]);
  assert.deepEqual(await describeWith(fixture, [anyIp], true), [ofAnyIp]);
});

test("a filter that means nothing is refused with Apache Kafka's errors", async () => {
  await using fixture = await withQuotas();
  const user = { entityType: "user", matchType: 2, match: null };
  const refused: readonly (readonly [Filter, string])[] = [
    [[{ ...user, entityType: "ip" }, user], "INVALID_REQUEST"],
    [[{ ...user, entityType: "group" }], "UNSUPPORTED_VERSION"],
    [[{ ...user, entityType: "" }], "INVALID_REQUEST"],
    [[user, user], "INVALID_REQUEST"],
    [[{ ...user, matchType: 0 }], "INVALID_REQUEST"],
    [[{ ...user, matchType: 1, match: "x" }], "INVALID_REQUEST"],
    [[{ ...user, match: "x" }], "INVALID_REQUEST"],
    [[{ ...user, matchType: 3 }], "INVALID_REQUEST"],
  ];
  for (const [components, error] of refused) {
    assert.equal(await describeWith(fixture, components, true), error);
  }
});

// The order of Apache Kafka 4.3.1, on which the tests of @platformatic/kafka rest.
test("types of an entity and its quotas come in the order of Kafka's maps", async () => {
  await using fixture = await BrokerFixture.start();
  const entity = [
    { entityType: "user", entityName: "alice" },
    { entityType: "client-id", entityName: "app" },
  ];
  const keys = ["producer_byte_rate", "consumer_byte_rate", "request_percentage"];
  const ops = keys.map((key) => ({ key, value: 10, remove: false }));
  const entries = [{ entity, ops }];
  const altered = await fixture.request(AlterClientQuotas, 1, { entries, validateOnly: false });
  const theirs = ["client-id", "user"];
  assert.deepEqual(
    altered.entries[0]?.entity.map((part) => part.entityType),
    theirs,
  );
  const found = await fixture.request(DescribeClientQuotas, 1, { components: [], strict: false });
  const [entry] = found.entries ?? [];
  assert.deepEqual(
    entry?.entity.map((part) => part.entityType),
    theirs,
  );
  const values = entry?.values.map(({ key }) => key);
  assert.deepEqual(values, ["consumer_byte_rate", "request_percentage", "producer_byte_rate"]);
});
