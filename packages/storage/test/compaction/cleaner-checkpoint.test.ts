import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { CleanerCheckpoint } from "../../src/compaction/cleaner-checkpoint.ts";

const path = "/data/cleaner-offset-checkpoint";
const orders = { topic: "orders", partition: 3 };
const users = { topic: "users", partition: 0 };

test("offsets are kept in Kafka's file, for the logs that are there", () => {
  const { fileSystem } = simPlatform({ seed: 1 });
  fileSystem.makeDirectory("/data");
  const checkpoint = new CleanerCheckpoint(fileSystem, "/data", [orders, users]);
  assert.equal(checkpoint.offsetOf(orders), undefined);
  checkpoint.set(orders, 70);
  checkpoint.set(users, 5);
  assert.equal(fileSystem.readFile(path).toString(), "0\n2\norders 3 70\nusers 0 5\n");
  const again = new CleanerCheckpoint(fileSystem, "/data", [users]);
  assert.deepEqual([again.offsetOf(orders), again.offsetOf(users)], [undefined, 5]);
  again.set(users, undefined);
  assert.equal(fileSystem.readFile(path).toString(), "0\n0\n");
});

test("a file that cannot be read is as good as none", () => {
  const { fileSystem } = simPlatform({ seed: 1 });
  fileSystem.makeDirectory("/data");
  const file = fileSystem.open(path, "create");
  file.writeSync([Buffer.from("0\n7\nnonsense\n")], 0);
  const checkpoint = new CleanerCheckpoint(fileSystem, "/data", [orders]);
  assert.equal(checkpoint.offsetOf(orders), undefined);
});
