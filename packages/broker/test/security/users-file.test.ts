import assert from "node:assert/strict";
import { test } from "node:test";

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
  const write = async (content: string): Promise<void> => {
    await clock.advance(1000);
    fileSystem.removeFile(path);
    const file = fileSystem.open(path, "create");
    file.writeSync([Buffer.from(content)], 0);
    file.close();
  };
  const file = new UsersFile(path, fileSystem, logger);
  return { platform, file, write, ready: write(text) };
}

test("users have passwords or hashes of them, and comments are none", async () => {
  const [mechanism] = scramMechanisms;
  const salt = Buffer.from("salt");
  const salted = saltedPassword(mechanism, "hashed", { salt, iterations: 4096 });
  const { storedKey, serverKey } = credentialOf(mechanism, salted, { salt, iterations: 4096 });
  const parts = [
    `salt=${salt.toString("base64")}`,
    `stored_key=${storedKey.toString("base64")}`,
    `server_key=${serverKey.toString("base64")}`,
    "iterations=4096",
  ];
  const { file, ready } = given(`# users\nalice = a=b \n\nbob={SCRAM-SHA-256}${parts.join(",")}\n`);
  await ready;
  assert.equal(file.check("alice", "a=b"), true);
  assert.equal(file.check("alice", "a"), false);
  assert.equal(file.check("bob", "hashed"), true);
  assert.equal(file.check("bob", "other"), false);
  assert.equal(file.check("carol", "a=b"), undefined);
});

test("whoever is taken out of the file is out, and a file that is gone lets nobody in", async () => {
  const { file, write, ready, platform } = given("alice=a\nbob=b\n");
  await ready;
  assert.equal(file.check("alice", "a"), true);
  await write("bob=changed\n");
  assert.equal(file.check("alice", "a"), undefined);
  assert.equal(file.check("bob", "changed"), true);
  platform.fileSystem.removeFile(path);
  assert.equal(file.check("bob", "changed"), undefined);
});

test("a line that is no user is told by its number, without what it says", async () => {
  const { file, ready, platform } = given("secret-of-somebody\nbob={SCRAM-SHA-256}secret\n");
  await ready;
  assert.equal(file.check("bob", "secret"), undefined);
  const log = JSON.stringify(platform.logLines);
  assert.match(log, /"lineNumber":1/);
  assert.match(log, /"lineNumber":2/);
  assert.ok(!log.includes("secret-of"));
});
