import assert from "node:assert/strict";
import { test } from "node:test";

import {
  AlterUserScramCredentials,
  DescribeUserScramCredentials,
  errorName,
} from "@millrace/protocol";

import { BrokerFixture } from "../support/broker-fixture.ts";

const salted = { salt: Buffer.from("salt"), saltedPassword: Buffer.alloc(32, 7), iterations: 4096 };

async function alter(fixture: BrokerFixture, name: string, mechanism: number, iterations = 4096) {
  const upsertions = [{ name, mechanism, ...salted, iterations }];
  const { results } = await fixture.request(AlterUserScramCredentials, 0, {
    deletions: [],
    upsertions,
  });
  return results.map(({ user, errorCode }) => `${user} ${errorName(errorCode)}`);
}

async function describe(fixture: BrokerFixture, ...names: readonly string[]) {
  const users = names.length === 0 ? null : names.map((name) => ({ name }));
  const { results } = await fixture.request(DescribeUserScramCredentials, 0, { users });
  return results.map(({ user, errorCode, credentialInfos }) => {
    const infos = credentialInfos.map(({ mechanism, iterations }) => `${mechanism}:${iterations}`);
    return [user, errorName(errorCode), ...infos].join(" ");
  });
}

test("users are told by their mechanisms and iterations, and survive a restart", async () => {
  await using fixture = await BrokerFixture.start();
  assert.deepEqual(await describe(fixture), []);
  assert.deepEqual(await alter(fixture, "alice", 1), ["alice NONE"]);
  assert.deepEqual(await alter(fixture, "alice", 2, 8192), ["alice NONE"]);
  assert.deepEqual(await describe(fixture), ["alice NONE 1:4096 2:8192"]);
  await fixture.restart();
  assert.deepEqual(await describe(fixture, "alice"), ["alice NONE 1:4096 2:8192"]);
});

test("what is wrong is answered per user", async () => {
  await using fixture = await BrokerFixture.start();
  assert.deepEqual(await alter(fixture, "weak", 1, 1000), ["weak UNACCEPTABLE_CREDENTIAL"]);
  assert.deepEqual(await alter(fixture, "odd", 9), ["odd UNSUPPORTED_SASL_MECHANISM"]);
  await alter(fixture, "alice", 1);
  assert.deepEqual(await describe(fixture, "alice", "bob", "bob"), [
    "alice NONE 1:4096",
    "bob DUPLICATE_RESOURCE",
  ]);
  assert.deepEqual(await describe(fixture, "bob"), ["bob RESOURCE_NOT_FOUND"]);
});

test("nothing of a credential is in the log", async () => {
  await using fixture = await BrokerFixture.start({
    config: { "millrace.scram.users": "SCRAM-SHA-256=[name=root,password=hunter22]" },
  });
  assert.deepEqual(await describe(fixture), ["root NONE 1:4096"]);
  assert.ok(!JSON.stringify(fixture.platform.logLines).includes("hunter22"));
});
