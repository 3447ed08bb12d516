import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { parentOf, replaceFile, replaceFileLater } from "../src/small-file.ts";
import { settle } from "./support.ts";

test("a synced replacement survives a power loss", () => {
  const platform = simPlatform({ seed: 7 });
  const { fileSystem } = platform;
  replaceFile(fileSystem, "/f", { content: "one", durability: "synced" });
  platform.restart("powerLoss");
  assert.equal(fileSystem.readFile("/f").toString(), "one");
});

test("whatever moment a crash takes, the file holds the old or the new content", () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const platform = simPlatform({ seed });
    const { fileSystem } = platform;
    replaceFile(fileSystem, "/f", { content: "old", durability: "synced" });
    fileSystem.disk.crashAtChange(fileSystem.disk.changeCount() + 1 + (seed % 6));
    try {
      replaceFile(fileSystem, "/f", { content: "new!", durability: "synced" });
    } catch (error) {
      assert.ok(fileSystem.disk.hasCrashed(), String(error));
    }
    platform.restart("powerLoss");
    assert.ok(["old", "new!"].includes(fileSystem.readFile("/f").toString()), `seed ${seed}`);
  }
});

test("a replacement that was overtaken leaves the newer file", async () => {
  const platform = simPlatform({ seed: 7 });
  const { fileSystem } = platform;
  let isOvertaken = false;
  const later = replaceFileLater(fileSystem, "/f", {
    content: "older",
    isOvertaken: () => isOvertaken,
  });
  replaceFile(fileSystem, "/f", { content: "newer", durability: "synced" });
  isOvertaken = true;
  await settle(platform, later);
  assert.equal(fileSystem.readFile("/f").toString(), "newer");
});

test("the parent of a path is its directory", () => {
  assert.equal(parentOf("/data/orders-0"), "/data");
  assert.equal(parentOf("/data"), "/");
});
