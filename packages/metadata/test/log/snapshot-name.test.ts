import assert from "node:assert/strict";
import { test } from "node:test";

import {
  isSnapshotRemnant,
  parseSnapshotFileName,
  snapshotFileName,
} from "../../src/log/snapshot-name.ts";

test("a snapshot is named as Kafka names it", () => {
  const name = snapshotFileName({ endOffset: 422, leaderEpoch: 3 });
  assert.equal(name, "00000000000000000422-0000000003.checkpoint");
  assert.deepEqual(parseSnapshotFileName(name), { endOffset: 422, leaderEpoch: 3 });
});

test("other files are no snapshots", () => {
  for (const name of ["bootstrap.checkpoint", "leader-epoch-checkpoint", "x.log"]) {
    assert.equal(parseSnapshotFileName(name), undefined);
    assert.equal(isSnapshotRemnant(name), false);
  }
});

test("what a crash left of a snapshot is known as such", () => {
  const name = snapshotFileName({ endOffset: 1, leaderEpoch: 1 });
  assert.equal(isSnapshotRemnant(name), false);
  assert.equal(isSnapshotRemnant(`${name}.part`), true);
  assert.equal(isSnapshotRemnant(`${name}.deleted`), true);
  assert.equal(isSnapshotRemnant(`${name}1234.part`), true);
});
