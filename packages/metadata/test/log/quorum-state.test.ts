import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { ZERO_UUID } from "@millrace/protocol";

import { readQuorumState, writeQuorumState } from "../../src/log/quorum-state.ts";

const path = "/quorum-state";

// As Apache Kafka 4.3.1 wrote them.
const staticVoters =
  '{"clusterId":"","leaderId":1,"leaderEpoch":3,"votedId":-1,"appliedOffset":0,"currentVoters":[{"voterId":1}],"data_version":0}';
const votersInLog =
  '{"leaderId":1,"leaderEpoch":3,"votedId":-1,"votedDirectoryId":"AAAAAAAAAAAAAAAAAAAAAA","data_version":1}';

function fileSystemWith(content: string) {
  const { fileSystem } = simPlatform({ seed: 1 });
  fileSystem.open(path, "createNew").writeSync([Buffer.from(content)], 0);
  return fileSystem;
}

test("both versions of the file are read and written as Kafka writes them", () => {
  for (const content of [staticVoters, votersInLog]) {
    const fileSystem = fileSystemWith(content);
    const state = readQuorumState(fileSystem, path);
    assert.ok(state !== undefined);
    assert.deepEqual([state.leaderId, state.leaderEpoch, state.votedId], [1, 3, -1]);
    assert.equal(state.votedDirectoryId, ZERO_UUID);
    writeQuorumState(fileSystem, path, state);
    assert.equal(fileSystem.readFile(path).toString(), content);
  }
});

test("an absent file is nothing, a damaged one an error, a newer one refused by name", () => {
  const { fileSystem } = simPlatform({ seed: 1 });
  assert.equal(readQuorumState(fileSystem, path), undefined);
  for (const content of ["", "{", "[]", '{"data_version":0}']) {
    const damaged = fileSystemWith(content);
    assert.throws(() => readQuorumState(damaged, path), { code: "METADATA_FILE_ERROR" });
  }
  const newer = fileSystemWith(votersInLog.replace('"data_version":1', '"data_version":2'));
  assert.throws(() => readQuorumState(newer, path), { code: "UNSUPPORTED_METADATA" });
});
