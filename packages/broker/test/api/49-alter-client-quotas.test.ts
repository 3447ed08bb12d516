import assert from "node:assert/strict";
import { test } from "node:test";

import { AlterClientQuotas, DescribeClientQuotas } from "@millrace/protocol";

import { BrokerFixture } from "../support/broker-fixture.ts";

const bob = [{ entityType: "user", entityName: "bob" }];

async function alter(fixture: BrokerFixture, value: number, validateOnly: boolean) {
  const ops = [{ key: "consumer_byte_rate", value, remove: false }];
  const entries = [{ entity: bob, ops }];
  const answer = await fixture.request(AlterClientQuotas, 0, { entries, validateOnly });
  return answer.entries.map(({ errorCode, entity }) => ({ errorCode, entity }));
}

async function valuesOfAll(fixture: BrokerFixture): Promise<readonly number[] | undefined> {
  const answer = await fixture.request(DescribeClientQuotas, 0, { components: [], strict: false });
  return answer.entries?.flatMap(({ values }) => values.map(({ value }) => value));
}

test("quotas outlive a restart, and one that is only tried is not kept", async () => {
  await using fixture = await BrokerFixture.start();
  assert.deepEqual(await alter(fixture, 5, true), [{ errorCode: 0, entity: bob }]);
  assert.deepEqual(await valuesOfAll(fixture), []);
  assert.deepEqual(await alter(fixture, 6, false), [{ errorCode: 0, entity: bob }]);
  await fixture.restart();
  assert.deepEqual(await valuesOfAll(fixture), [6]);
});
