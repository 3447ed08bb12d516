import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { createLog } from "../src/index.ts";
import { batchOf, configWith, simEnvironment, TestDirectoryState } from "./support.ts";

/** Segments that begin at 0, 10, 20, 30 (active), of ten batches each. */
function fourSegments() {
  const platform = simPlatform({ seed: 1, logLevel: "error" });
  platform.fileSystem.makeDirectory("/d");
  const log = createLog(simEnvironment(platform), {
    path: "/d/orders-0",
    config: configWith({ indexIntervalBytes: 100 }),
    directoryState: new TestDirectoryState(),
    topicId: undefined,
  });
  for (let at = 0; at < 40; at += 1) {
    if (at > 0 && at % 10 === 0) log.roll();
    log.append(batchOf(["x".repeat(50)]), { origin: "client", leaderEpoch: 0 });
  }
  return { platform, log, segments: log.segments };
}

const batchBytes = batchOf(["x".repeat(50)]).length;

test("reading begins at or before the batch that holds an offset", () => {
  const { segments } = fourSegments();
  for (const offset of [0, 9, 10, 25, 30, 39]) {
    const place = segments.place(offset);
    assert.equal(place.baseOffset, Math.floor(offset / 10) * 10);
    assert.ok(place.position <= (offset - place.baseOffset) * batchBytes);
    assert.equal(place.endPosition, 10 * batchBytes);
    assert.equal(place.isClosed, offset < 30);
  }
  assert.equal(segments.placeAfter(10).baseOffset, 20);
  assert.equal(segments.placeAfter(20).baseOffset, 30);
});

test("a known position is of use as long as its segment is there", () => {
  const { segments } = fourSegments();
  assert.equal(segments.placeAt(10, 77)?.position, 77);
  assert.equal(segments.placeAt(15, 77), undefined);
  segments.deleteOldest(2, 0);
  assert.equal(segments.placeAt(10, 77), undefined);
  assert.equal(segments.firstBaseOffset, 20);
  assert.equal(segments.sizeBytes, 20 * batchBytes);
});

test("a cut in a closed segment makes it the active one again", () => {
  const { platform, segments, log } = fourSegments();
  segments.truncateTo(13, log.config);
  assert.equal(segments.active.baseOffset, 10);
  assert.equal(segments.active.sizeBytes, 3 * batchBytes);
  assert.equal(segments.active.readNextOffset(), 13);
  assert.equal(segments.closed.count, 1);
  const names = platform.fileSystem.readDirectory("/d/orders-0").map(({ name }) => name);
  assert.equal(names.filter((name) => name.endsWith(".log")).length, 2);
});

test("a cut survives a power loss, and nothing that was cut comes back", () => {
  for (let seed = 0; seed < 10; seed += 1) {
    const { platform, segments, log } = fourSegments();
    segments.truncateTo(13, log.config);
    platform.restart("powerLoss");
    for (const name of ["20", "30"]) {
      const path = `/d/orders-0/${name.padStart(20, "0")}.log`;
      assert.equal(platform.fileSystem.exists(path), false);
    }
  }
});
