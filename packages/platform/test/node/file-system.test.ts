import assert from "node:assert/strict";
import fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { NodeFileSystem } from "@millrace/platform/node";
import { testFileSystem } from "../contract/file-system-contract.ts";

const root = fs.mkdtempSync(join(tmpdir(), "millrace-files-"));
after(() => fs.rmSync(root, { recursive: true }));

testFileSystem({
  name: "NodeFileSystem",
  create: () => ({
    fileSystem: new NodeFileSystem({ syncConcurrencyMax: 2 }),
    directory: fs.mkdtempSync(join(root, "case-")),
  }),
  settle: (pending) => pending,
});

test("fsyncs above the bound wait for their turn and all end", async () => {
  const fileSystem = new NodeFileSystem({ syncConcurrencyMax: 2 });
  const file = fileSystem.open(join(root, "bounded"), "create");
  file.writeSync([Buffer.alloc(100)], 0);
  const syncs = Array.from({ length: 10 }, () => file.sync());
  assert.equal(fileSystem.waitingSyncCount(), 8);
  await Promise.all(syncs);
  assert.equal(fileSystem.waitingSyncCount(), 0);
  file.close();
});

test("a full device is reported with its code", () => {
  const fileSystem = new NodeFileSystem({ syncConcurrencyMax: 2 });
  const file = fileSystem.open("/dev/full", "readWrite");
  assert.throws(() => file.writeSync([Buffer.alloc(10), Buffer.alloc(10)], 0), {
    name: "IoError",
    systemCode: "ENOSPC",
    path: "/dev/full",
  });
  file.close();
});
