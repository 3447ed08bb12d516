import assert from "node:assert/strict";
import { test } from "node:test";

import type { Offload } from "@millrace/platform";
import { simPlatform } from "@millrace/platform/sim";

import {
  credentialOf,
  saltedPassword,
  scramMechanisms,
} from "../../src/security/scram-credential.ts";
import { UsersFile } from "../../src/security/users-file.ts";

const path = "/users";

function given(text: string) {
  const platform = simPlatform({ seed: 1 });
  const { fileSystem, logger, clock } = platform;
  let hashings = 0;
  const most = { atOnce: 0, inAll: 0 };
  const offload: Offload = {
    run: async (task, input) => {
      hashings += 1;
      most.inAll += 1;
      most.atOnce = Math.max(most.atOnce, hashings);
      try {
        return await platform.offload.run(task, input);
      } finally {
        hashings -= 1;
      }
    },
    close: () => platform.offload.close(),
  };
  const write = async (content: string): Promise<void> => {
    await clock.advance(1000);
    fileSystem.removeFile(path);
    const file = fileSystem.open(path, "create");
    file.writeSync([Buffer.from(content)], 0);
    file.close();
  };
  const file = new UsersFile({ path, fileSystem, offload, logger });
  const check = async (name: string, password: string): Promise<boolean | undefined> => {
    const checked = file.check(name, password);
    await clock.advance(1);
    return checked;
  };
  return { platform, file, check, write, ready: write(text), most };
}

function hashOf(password: string): string {
  const [mechanism] = scramMechanisms;
  const salt = Buffer.from("salt");
  const salted = saltedPassword(mechanism, password, { salt, iterations: 4096 });
  const { storedKey, serverKey } = credentialOf(mechanism, salted, { salt, iterations: 4096 });
  const parts = [
    `salt=${salt.toString("base64")}`,
    `stored_key=${storedKey.toString("base64")}`,
    `server_key=${serverKey.toString("base64")}`,
    "iterations=4096",
  ];
  return `{SCRAM-SHA-256}${parts.join(",")}`;
}

test("users have passwords or hashes of them, and comments are none", async () => {
  const { check, ready } = given(`# users\nalice = a=b \n\nbob=${hashOf("hashed")}\n`);
  await ready;
  assert.equal(await check("alice", "a=b"), true);
  assert.equal(await check("alice", "a"), false);
  assert.equal(await check("bob", "hashed"), true);
  assert.equal(await check("bob", "other"), false);
  assert.equal(await check("carol", "a=b"), undefined);
});

test("whoever is taken out of the file is out, and a file that is gone lets nobody in", async () => {
  const { check, write, ready, platform } = given("alice=a\nbob=b\n");
  await ready;
  assert.equal(await check("alice", "a"), true);
  await write("bob=changed\n");
  assert.equal(await check("alice", "a"), undefined);
  assert.equal(await check("bob", "changed"), true);
  platform.fileSystem.removeFile(path);
  assert.equal(await check("bob", "changed"), undefined);
});

test("a line that is no user is told by its number, without what it says", async () => {
  const { check, ready, platform } = given("secret-of-somebody\nbob={SCRAM-SHA-256}secret\n");
  await ready;
  assert.equal(await check("bob", "secret"), undefined);
  const log = JSON.stringify(platform.logLines);
  assert.match(log, /"lineNumber":1/);
  assert.match(log, /"lineNumber":2/);
  assert.ok(!log.includes("secret-of"));
});

test("passwords are hashed off the event loop, one at a time, however many ask", async () => {
  const { file, ready, platform, most } = given(`bob=${hashOf("hashed")}\n`);
  await ready;
  const asked = ["hashed", "other", "hashed"].map((password) => file.check("bob", password));
  assert.deepEqual(most, { atOnce: 0, inAll: 0 });
  await platform.clock.advance(1);
  assert.deepEqual(await Promise.all(asked), [true, false, true]);
  assert.deepEqual(most, { atOnce: 1, inAll: 3 });
});

test("whoever is not in the file costs as much as a wrong password", async () => {
  const { check, ready, most } = given(`alice=a\nbob=${hashOf("hashed")}\n`);
  await ready;
  assert.equal(await check("nobody", "hashed"), undefined);
  assert.equal(most.inAll, 1);
});
