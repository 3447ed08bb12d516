import assert from "node:assert/strict";
import { test } from "node:test";
import { type FileSystem, type Offload, OffloadError } from "@millrace/platform";
import { failTask, sumTask } from "../fixtures/offload-tasks.ts";

/** What the suite needs of an implementation. */
export interface OffloadCandidate {
  readonly name: string;
  readonly create: () => {
    readonly offload: Offload;
    readonly fileSystem: FileSystem;
    readonly directory: string;
  };
  readonly settle: <Result>(pending: Promise<Result>) => Promise<Result>;
}

/** What every Offload does. */
export function testOffload(candidate: OffloadCandidate): void {
  const { name, create, settle } = candidate;

  test(`${name}: a task gets its input and files, and gives its result`, async () => {
    const { offload, fileSystem, directory } = create();
    const path = `${directory}/f`;
    const file = fileSystem.open(path, "create");
    file.writeSync([Buffer.alloc(100)], 0);
    file.close();
    const runs = [1, 2, 3].map((number) => offload.run(sumTask, { numbers: [number], path }));
    assert.deepEqual(await settle(Promise.all(runs)), [101, 102, 103]);
    await offload.close();
  });

  test(`${name}: a fault of a file stays an IoError`, async () => {
    const { offload, directory } = create();
    const failing = offload.run(sumTask, { numbers: [], path: `${directory}/absent` });
    await assert.rejects(settle(failing), { name: "IoError", systemCode: "ENOENT" });
    await offload.close();
  });

  test(`${name}: what else a task throws is the cause of an OffloadError`, async () => {
    const { offload } = create();
    await assert.rejects(settle(offload.run(failTask, "out of range")), (error) => {
      assert.ok(error instanceof OffloadError);
      assert.ok(error.cause instanceof Error);
      assert.equal(error.cause.name, "RangeError");
      assert.equal(error.cause.message, "out of range");
      return true;
    });
    await offload.close();
  });

  test(`${name}: a closed one takes no task`, async () => {
    const { offload } = create();
    await offload.close();
    await assert.rejects(settle(offload.run(failTask, "")), OffloadError);
  });
}
