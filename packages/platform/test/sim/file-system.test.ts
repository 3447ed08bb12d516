import assert from "node:assert/strict";
import { test } from "node:test";
import { type CrashKind, SimCrash, type SimPlatform, simPlatform } from "@millrace/platform/sim";
import { testFileSystem } from "../contract/file-system-contract.ts";

let current: SimPlatform = simPlatform({ seed: 1 });

testFileSystem({
  name: "SimFileSystem",
  create: () => {
    current = simPlatform({ seed: 1 });
    current.fileSystem.makeDirectory("/data");
    return { fileSystem: current.fileSystem, directory: "/data" };
  },
  settle: async (pending) => {
    await current.clock.advance(1000);
    return pending;
  },
});

/** Writes `before`, syncs all, writes `after` beside it without a sync, then restarts. */
function crashed(seed: number, kind: CrashKind): Buffer {
  const platform = simPlatform({ seed });
  const { fileSystem } = platform;
  fileSystem.makeDirectory("/d");
  const file = fileSystem.open("/d/f", "create");
  file.writeSync([Buffer.alloc(5000, 1)], 0);
  file.syncNow();
  fileSystem.syncDirectory("/");
  fileSystem.syncDirectory("/d");
  file.writeSync([Buffer.alloc(9000, 2)], 5000);
  fileSystem.disk.crash();
  assert.throws(() => file.sizeBytes() + file.readSync(Buffer.alloc(1), 0), SimCrash);
  platform.restart(kind);
  assert.throws(() => file.sizeBytes(), SimCrash);
  return fileSystem.readFile("/d/f");
}

test("a killed process leaves all that it wrote in the page cache", () => {
  for (let seed = 0; seed < 20; seed += 1) assert.equal(crashed(seed, "kill").length, 14_000);
});

test("a power loss keeps what was synced, and of the rest all, nothing or a part", () => {
  const sizes = new Set<number>();
  let tornCount = 0;
  for (let seed = 0; seed < 400; seed += 1) {
    const bytes = crashed(seed, "powerLoss");
    assert.ok(bytes.subarray(0, 5000).every((byte) => byte === 1));
    sizes.add(bytes.length);
    const rest = new Set(bytes.subarray(5000));
    assert.ok([...rest].every((byte) => byte === 0 || byte === 2));
    if (rest.size === 2 || (bytes.length > 5000 && bytes.length < 14_000)) tornCount += 1;
  }
  assert.ok(sizes.has(5000), "nothing survives");
  assert.ok(sizes.has(14_000), "everything survives");
  assert.ok(sizes.size > 4 && tornCount > 20, `${sizes.size} sizes, ${tornCount} torn`);
});

test("a name that was not synced may be gone, one that was is there", () => {
  const outcomes = new Set<string>();
  for (let seed = 0; seed < 100; seed += 1) {
    const platform = simPlatform({ seed });
    const { fileSystem } = platform;
    fileSystem.makeDirectory("/d");
    fileSystem.syncDirectory("/");
    fileSystem.open("/d/kept", "create").close();
    fileSystem.syncDirectory("/d");
    fileSystem.open("/d/new.tmp", "create").close();
    fileSystem.rename("/d/new.tmp", "/d/new");
    fileSystem.removeFile("/d/kept");
    platform.restart("powerLoss");
    outcomes.add(
      fileSystem
        .readDirectory("/d")
        .map((entry) => entry.name)
        .join(),
    );
  }
  assert.ok(outcomes.has("kept") && outcomes.has("new"), [...outcomes].join(" | "));
  assert.ok(outcomes.size >= 3, [...outcomes].join(" | "));
});

test("a rename survives on both sides or on none", () => {
  for (let seed = 0; seed < 100; seed += 1) {
    const platform = simPlatform({ seed });
    const { fileSystem } = platform;
    fileSystem.makeDirectory("/a");
    fileSystem.makeDirectory("/b");
    fileSystem.open("/a/x", "create").close();
    for (const path of ["/", "/a", "/b"]) fileSystem.syncDirectory(path);
    fileSystem.rename("/a/x", "/b/y");
    platform.restart("powerLoss");
    assert.notEqual(fileSystem.exists("/a/x"), fileSystem.exists("/b/y"));
  }
});

test("a failed sync loses what it was to make durable, though it still reads back", async () => {
  const platform = simPlatform({ seed: 3 });
  const { fileSystem } = platform;
  const file = fileSystem.open("/f", "create");
  fileSystem.syncDirectory("/");
  file.writeSync([Buffer.from("abc")], 0);
  fileSystem.disk.faults.add({ operations: ["sync"], systemCode: "EIO", failureCount: 1 });
  const failing = assert.rejects(file.sync(), { systemCode: "EIO" });
  await platform.clock.advance(10);
  await failing;
  file.syncNow();
  assert.equal(fileSystem.readFile("/f").toString(), "abc");
  platform.restart("powerLoss");
  assert.equal(fileSystem.readFile("/f").length, 0);
});

test("what is written while a sync runs is not promised by it", async () => {
  let lostCount = 0;
  for (let seed = 0; seed < 30; seed += 1) {
    const platform = simPlatform({ seed });
    const { fileSystem } = platform;
    const file = fileSystem.open("/f", "create");
    fileSystem.syncDirectory("/");
    file.writeSync([Buffer.from("abc")], 0);
    const synced = file.sync();
    file.writeSync([Buffer.from("def")], 3);
    await platform.clock.advance(10);
    await synced;
    platform.restart("powerLoss");
    const text = fileSystem.readFile("/f").toString();
    assert.equal(text.slice(0, 3), "abc");
    if (text.length === 3) lostCount += 1;
  }
  assert.ok(lostCount > 0 && lostCount < 30, `${lostCount} of 30 lost`);
});

test("a disk with a capacity takes a part of a write, then says ENOSPC", () => {
  const platform = simPlatform({ seed: 1, capacityBytes: 100 });
  const { fileSystem } = platform;
  const file = fileSystem.open("/f", "create");
  file.writeSync([Buffer.alloc(60)], 0);
  assert.equal(fileSystem.freeBytes("/"), 40);
  assert.throws(() => file.writeSync([Buffer.alloc(60)], 60), { systemCode: "ENOSPC" });
  assert.equal(file.sizeBytes(), 100);
  file.writeSync([Buffer.alloc(60)], 0);
  file.truncate(10);
  assert.equal(fileSystem.freeBytes("/"), 90);
});

test("every counted change can be the last", () => {
  const work = (platform: SimPlatform): void => {
    const { fileSystem } = platform;
    fileSystem.makeDirectory("/d");
    const file = fileSystem.open("/d/f", "create");
    file.writeSync([Buffer.from("abcdef")], 0);
    file.truncate(3);
    file.syncNow();
    fileSystem.rename("/d/f", "/d/g");
    fileSystem.syncDirectory("/d");
    fileSystem.removeDirectory("/d");
  };
  const whole = simPlatform({ seed: 1 });
  work(whole);
  const changeCount = whole.fileSystem.disk.changeCount();
  assert.equal(changeCount, 9);
  for (let number = 1; number <= changeCount; number += 1) {
    const platform = simPlatform({ seed: 1 });
    platform.fileSystem.disk.crashAtChange(number);
    assert.throws(() => work(platform), SimCrash);
    assert.equal(platform.fileSystem.disk.changeCount(), number);
    assert.throws(() => platform.fileSystem.exists("/"), SimCrash);
  }
});

test("a lying disk syncs nothing", () => {
  const platform = simPlatform({ seed: 1 });
  const { fileSystem } = platform;
  let lostCount = 0;
  for (let number = 0; number < 20; number += 1) {
    fileSystem.disk.isLying = true;
    const file = fileSystem.open(`/f${number}`, "create");
    file.writeSync([Buffer.from("abc")], 0);
    file.syncNow();
    fileSystem.syncDirectory("/");
    platform.restart("powerLoss");
    if (fileSystem.readFile(`/f${number}`).length === 0) lostCount += 1;
  }
  assert.ok(lostCount > 0);
});

test("a flipped bit stays flipped after a power loss", () => {
  const platform = simPlatform({ seed: 1 });
  const { fileSystem } = platform;
  const file = fileSystem.open("/f", "create");
  file.writeSync([Buffer.from([0, 0])], 0);
  file.syncNow();
  fileSystem.syncDirectory("/");
  assert.equal(fileSystem.flipBit("/f", 1, 3), true);
  assert.equal(fileSystem.flipBit("/f", 2, 3), false);
  platform.restart("powerLoss");
  assert.deepEqual([...fileSystem.readFile("/f")], [0, 8]);
});
