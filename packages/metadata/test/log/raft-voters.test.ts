import assert from "node:assert/strict";
import { test } from "node:test";
import { KRaftVersionRecord, messageCodec } from "@millrace/protocol";

import {
  leaderChange,
  noVoters,
  snapshotFooter,
  snapshotHeader,
  votersAfter,
  votersRecords,
} from "../../src/log/raft-voters.ts";
import { idOf } from "../support/decisions.ts";

const voter = {
  voterId: 1,
  voterDirectoryId: idOf(1),
  endpoints: [{ name: "CONTROLLER", host: "127.0.0.1", port: 9_093 }],
  kRaftVersionFeature: { minSupportedVersion: 0, maxSupportedVersion: 1 },
};
const voters = { kraftVersion: 1, voters: { version: 0, voters: [voter] } };

test("voters survive their records", () => {
  const read = votersRecords(voters).reduce(
    (before, { type, value }) => votersAfter(before, { type, value: Buffer.from(value) }),
    noVoters,
  );
  assert.deepEqual(read, voters);
  assert.deepEqual(votersRecords(noVoters), []);
});

test("other control records say nothing of voters", () => {
  for (const { type, value } of [leaderChange(1), snapshotHeader(5), snapshotFooter()]) {
    assert.equal(votersAfter(noVoters, { type, value: Buffer.from(value) }), noVoters);
  }
});

test("control records have the bytes that Kafka writes", () => {
  assert.equal(Buffer.from(leaderChange(1).value).toString("hex"), leaderChangeHex);
  assert.equal(Buffer.from(snapshotFooter().value).toString("hex"), "000000");
  assert.equal(Buffer.from(snapshotHeader(0).value).toString("hex"), "0000000000000000000000");
});

// From the first batch of a log that Apache Kafka 4.3.1 wrote.
const leaderChangeHex = "00000000000102000000010002000000010000";

test("a newer kraft.version is refused by name", () => {
  const codec = messageCodec(KRaftVersionRecord, 0);
  const value = Buffer.concat(codec.encode({ version: 0, kRaftVersion: 2 }));
  assert.throws(() => votersAfter(noVoters, { type: "KRAFT_VERSION", value }), {
    code: "UNSUPPORTED_METADATA",
    message: /kraft\.version is 2/,
  });
});
