import assert from "node:assert/strict";
import { test } from "node:test";
import type { SimPlatform } from "@millrace/platform/sim";
import { simPlatform } from "@millrace/platform/sim";

import type { FormatOptions } from "../../src/directory/format.ts";
import { ensureFormatted } from "../../src/directory/format.ts";
import { readMetaProperties } from "../../src/directory/meta-properties.ts";
import { noVoters, votersAfter } from "../../src/log/raft-voters.ts";
import { readSnapshotFile } from "../../src/log/snapshot-file.ts";

function format(platform: SimPlatform, overrides: Partial<FormatOptions> = {}) {
  const { fileSystem, clock, random } = platform;
  return ensureFormatted({
    fileSystem,
    clock,
    random,
    logDirectories: ["/a", "/b"],
    metadataLogDirectory: "/a",
    nodeId: 1,
    ...overrides,
  });
}

test("every log directory gets an id, the first one the bootstrap records", () => {
  const platform = simPlatform({ seed: 1 });
  const formatted = format(platform, { clusterId: "given" });
  assert.deepEqual(formatted.newDirectories, ["/a", "/b"]);
  for (const path of ["/a", "/b"]) {
    const meta = readMetaProperties(platform.fileSystem, path);
    const directoryId = formatted.directoryIds.get(path);
    assert.deepEqual(meta, { clusterId: "given", nodeId: 1, directoryId });
  }
  assert.equal(new Set(formatted.directoryIds.values()).size, 2);
  assert.equal(platform.fileSystem.exists("/a/bootstrap.checkpoint"), true);
  assert.equal(platform.fileSystem.exists("/b/bootstrap.checkpoint"), false);
});

test("formatted directories stay as they are, a new one joins their cluster", () => {
  const platform = simPlatform({ seed: 1 });
  const first = format(platform, { logDirectories: ["/a"] });
  const second = format(platform);
  assert.equal(second.clusterId, first.clusterId);
  assert.deepEqual(second.newDirectories, ["/b"]);
  assert.equal(second.directoryIds.get("/a"), first.directoryIds.get("/a"));
});

test("a directory of another node or cluster is refused before anything is written", () => {
  const platform = simPlatform({ seed: 1 });
  format(platform, { logDirectories: ["/b"], metadataLogDirectory: "/b", clusterId: "theirs" });
  for (const overrides of [{ clusterId: "ours" }, { nodeId: 2 }]) {
    assert.throws(() => format(platform, overrides), { code: "UNSUPPORTED_METADATA" });
  }
  assert.equal(platform.fileSystem.exists("/a"), false);
});

test("a standalone controller's folder has its voter in the first snapshot (KIP-853)", () => {
  const platform = simPlatform({ seed: 1 });
  const endpoint = { name: "CONTROLLER", host: "127.0.0.1", port: 9_093, securityProtocol: 0 };
  const { directoryIds } = format(platform, { standaloneEndpoints: [endpoint] });
  const path = "/a/__cluster_metadata-0/00000000000000000000-0000000000.checkpoint";
  let voters = noVoters;
  for (const batch of readSnapshotFile(platform.fileSystem, path)) {
    assert.equal(batch.kind, "control");
    if (batch.kind === "control") voters = batch.records.reduce(votersAfter, voters);
  }
  assert.equal(voters.kraftVersion, 1);
  assert.deepEqual(
    voters.voters?.voters.map(({ voterId, voterDirectoryId }) => [voterId, voterDirectoryId]),
    [[1, directoryIds.get("/a")]],
  );
});

test("a power loss at any moment leaves a directory that formats again", () => {
  const changes = (() => {
    const platform = simPlatform({ seed: 1 });
    format(platform);
    return platform.fileSystem.disk.changeCount();
  })();
  for (let change = 1; change <= changes; change += 1) {
    const platform = simPlatform({ seed: change });
    platform.fileSystem.disk.crashAtChange(change);
    assert.throws(() => format(platform), { code: "SIM_CRASH" });
    platform.restart("powerLoss");
    const { directoryIds } = format(platform);
    assert.equal(directoryIds.size, 2);
    assert.equal(platform.fileSystem.exists("/a/bootstrap.checkpoint"), true);
  }
});
