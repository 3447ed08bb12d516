import assert from "node:assert/strict";
import fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { NodeFileSystem, NodeOffload } from "@millrace/platform/node";
import { testOffload } from "../contract/offload-contract.ts";
import { endThreadTask, failTask, sumTask } from "../fixtures/offload-tasks.ts";

const root = fs.mkdtempSync(join(tmpdir(), "millrace-offload-"));
after(() => fs.rmSync(root, { recursive: true }));

testOffload({
  name: "NodeOffload",
  create: () => ({
    offload: new NodeOffload(),
    fileSystem: new NodeFileSystem({ syncConcurrencyMax: 1 }),
    directory: root,
  }),
  settle: (pending) => pending,
});

test("tasks of a thread that ends are rejected, and the next task gets a new thread", async () => {
  const offload = new NodeOffload();
  await assert.rejects(offload.run(endThreadTask, undefined), { code: "OFFLOAD_ERROR" });
  await assert.rejects(offload.run(failTask, "still there"), /still there/);
  await offload.close();
});

test("tasks that run at the same time have a thread each, up to the limit", async () => {
  const offload = new NodeOffload({ workersMax: 2 });
  const path = join(root, "empty");
  fs.writeFileSync(path, "");
  const runs = [1, 2, 3, 4].map((number) => offload.run(sumTask, { numbers: [number], path }));
  assert.equal(offload.workerCount, 2);
  assert.deepEqual(await Promise.all(runs), [1, 2, 3, 4]);
  assert.equal(await offload.run(sumTask, { numbers: [5], path }), 5);
  assert.equal(offload.workerCount, 2, "an idle thread takes the next task");
  await offload.close();
  assert.equal(offload.workerCount, 0);
});
