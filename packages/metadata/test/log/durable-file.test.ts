import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";

import { directoryOf, makeDurableDirectory, replaceFile } from "../../src/log/durable-file.ts";

test("a power loss at any moment leaves the old content or the new one", () => {
  let sawOld = false;
  let sawNew = false;
  for (let change = 1; change <= 12; change += 1) {
    const platform = simPlatform({ seed: change });
    replaceFile(platform.fileSystem, "/file", Buffer.from("old"));
    const { disk } = platform.fileSystem;
    disk.crashAtChange(disk.changeCount() + change);
    try {
      replaceFile(platform.fileSystem, "/file", Buffer.from("new"));
    } catch {
      // The machine stopped in the middle: that is what is tested.
    }
    platform.restart("powerLoss");
    const content = platform.fileSystem.readFile("/file").toString();
    assert.ok(content === "old" || content === "new", content);
    sawOld ||= content === "old";
    sawNew ||= content === "new";
  }
  assert.ok(sawOld && sawNew);
});

test("a path's directory is what stands before its last slash", () => {
  assert.equal(directoryOf("/a/b"), "/a");
  assert.equal(directoryOf("/a"), "/");
  assert.equal(directoryOf("a"), ".");
});

test("a directory survives a power loss", () => {
  const platform = simPlatform({ seed: 1 });
  makeDurableDirectory(platform.fileSystem, "/a");
  makeDurableDirectory(platform.fileSystem, "/a");
  platform.restart("powerLoss");
  assert.equal(platform.fileSystem.exists("/a"), true);
});
