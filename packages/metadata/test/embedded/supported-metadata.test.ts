import assert from "node:assert/strict";
import { test } from "node:test";
import { ZERO_UUID } from "@millrace/protocol";

import { decideCreateTopics } from "../../src/controller/create-topics.ts";
import {
  refuseForeignQuorum,
  refuseForeignTopics,
  refuseUnservedSecurity,
} from "../../src/embedded/supported-metadata.ts";
import { noVoters } from "../../src/log/raft-voters.ts";
import { brokerOf, clusterOf, decideOn, idOf, imageAfter, topicOf } from "../support/decisions.ts";

const node = { nodeId: 1, directoryId: idOf(1) };

function stateWith(...currentVoters: readonly number[]) {
  const votes = { votedId: -1, votedDirectoryId: ZERO_UUID };
  return { version: 0, leaderId: 1, leaderEpoch: 1, ...votes, currentVoters };
}

function votersWith(...voters: readonly { readonly id: number; readonly directory: number }[]) {
  const kRaftVersionFeature = { minSupportedVersion: 0, maxSupportedVersion: 1 };
  return {
    kraftVersion: 1,
    voters: {
      version: 0,
      voters: voters.map(({ id, directory }) => ({
        voterId: id,
        voterDirectoryId: idOf(directory),
        endpoints: [],
        kRaftVersionFeature,
      })),
    },
  };
}

test("a folder without voters, or with this node alone, is accepted", () => {
  refuseForeignQuorum(node, undefined, noVoters);
  refuseForeignQuorum(node, stateWith(1), noVoters);
  refuseForeignQuorum(node, stateWith(1), votersWith({ id: 1, directory: 1 }));
});

test("several voters, another one, or another directory are refused by name", () => {
  const cases = [
    [stateWith(1, 2, 3), noVoters, /3 voters \(1, 2, 3\)/],
    [stateWith(2), noVoters, /led by node 2/],
    [undefined, votersWith({ id: 1, directory: 1 }, { id: 2, directory: 2 }), /2 voters/],
    [undefined, votersWith({ id: 1, directory: 9 }), /belongs to the directory/],
  ] as const;
  for (const [state, voters, message] of cases) {
    assert.throws(() => refuseForeignQuorum(node, state, voters), {
      code: "UNSUPPORTED_METADATA",
      message,
    });
  }
});

test("tiered topics and replicas elsewhere are refused by name", () => {
  const tiered = topicOf("cold", { configs: [{ name: "remote.storage.enable", value: "true" }] });
  const assignments = [{ partitionIndex: 0, brokerIds: [1, 2] }];
  const spread = topicOf("wide", { numPartitions: -1, replicationFactor: -1, assignments });
  const cluster = clusterOf(brokerOf(1), brokerOf(2, { isFenced: true }));
  for (const [topic, message] of [
    [tiered, /cold has remote\.storage\.enable/],
    [spread, /wide-0 has a replica on node 2/],
  ] as const) {
    const { image } = decideOn(cluster, (context) =>
      decideCreateTopics(context, { topics: [topic], validateOnly: false }),
    );
    assert.throws(() => refuseForeignTopics(1, image), { code: "UNSUPPORTED_METADATA", message });
  }
  refuseForeignTopics(1, cluster);
});

test("a folder with ACLs or users is refused where nobody keeps to them", () => {
  const empty = clusterOf();
  refuseUnservedSecurity(empty, []);
  const salt = Buffer.from("s");
  const user = { name: "u", mechanism: 1, salt, storedKey: salt, serverKey: salt, iterations: 1 };
  const image = imageAfter(empty, [{ type: "UserScramCredentialRecord", version: 0, data: user }]);
  assert.throws(() => refuseUnservedSecurity(image, ["acls"]), {
    code: "UNSUPPORTED_METADATA",
    message: /SCRAM users \(1\)/,
  });
  refuseUnservedSecurity(image, ["scramCredentials"]);
});
