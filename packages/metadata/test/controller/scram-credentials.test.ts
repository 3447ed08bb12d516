import assert from "node:assert/strict";
import { test } from "node:test";

import { decideAlterScramCredentials } from "../../src/controller/scram-credentials.ts";
import type { AlterScramCredentialsInput } from "../../src/controller/requests.ts";
import { emptyImage } from "../../src/image/empty-image.ts";
import { brokerOf, clusterOf, contextOf, decideOn } from "../support/decisions.ts";

function upsertionOf(name: string, mechanism = 1, iterations = 4096) {
  const bytes = Buffer.from("bytes");
  return { name, mechanism, iterations, salt: bytes, storedKey: bytes, serverKey: bytes };
}

function decide(image: ReturnType<typeof clusterOf>, input: Partial<AlterScramCredentialsInput>) {
  const { value, ...rest } = decideOn(image, (context) =>
    decideAlterScramCredentials(context, { deletions: [], upsertions: [], ...input }),
  );
  return { ...rest, results: value.map(({ user, error }) => `${user} ${error}`) };
}

test("users are added, changed and removed, mechanism by mechanism", () => {
  const added = decide(clusterOf(brokerOf(1)), {
    upsertions: [upsertionOf("alice", 1), upsertionOf("bob", 2, 16_384)],
  });
  assert.deepEqual(added.results, ["alice NONE", "bob NONE"]);
  const both = decide(added.image, { upsertions: [upsertionOf("alice", 2)] });
  assert.deepEqual([...both.image.scramCredentials.keys()], ["1:alice", "2:bob", "2:alice"]);
  const removed = decide(both.image, {
    deletions: [{ name: "alice", mechanism: 1 }],
    upsertions: [upsertionOf("bob", 2, 5000)],
  });
  assert.deepEqual([...removed.image.scramCredentials.keys()], ["2:bob", "2:alice"]);
  assert.equal(removed.image.scramCredentials.get("2:bob")?.iterations, 5000);
});

test("a user is changed as a whole or not at all", () => {
  const { results, records } = decide(clusterOf(brokerOf(1)), {
    deletions: [{ name: "nobody", mechanism: 1 }],
    upsertions: [
      upsertionOf("weak", 1, 4095),
      upsertionOf("weak", 2),
      upsertionOf("strong", 1, 16_385),
      upsertionOf("", 1),
      upsertionOf("odd", 3),
      upsertionOf("twice", 1),
      upsertionOf("twice", 1),
      upsertionOf("good", 1),
    ],
  });
  assert.deepEqual(results, [
    "nobody RESOURCE_NOT_FOUND",
    "weak UNACCEPTABLE_CREDENTIAL",
    "strong UNACCEPTABLE_CREDENTIAL",
    " UNACCEPTABLE_CREDENTIAL",
    "odd UNSUPPORTED_SASL_MECHANISM",
    "twice DUPLICATE_RESOURCE",
    "good NONE",
  ]);
  assert.equal(records.length, 1);
});

test("a request alters one credential of a user, whatever the mechanisms, as in Kafka", () => {
  const { image } = decide(clusterOf(brokerOf(1)), { upsertions: [upsertionOf("moving", 1)] });
  const { results, records } = decide(image, {
    deletions: [{ name: "moving", mechanism: 1 }],
    upsertions: [
      upsertionOf("moving", 2),
      upsertionOf("both", 1),
      upsertionOf("both", 2),
      upsertionOf("good first", 1),
      upsertionOf("good first", 2, 10),
    ],
  });
  assert.deepEqual(results, [
    "moving DUPLICATE_RESOURCE",
    "both DUPLICATE_RESOURCE",
    "good first DUPLICATE_RESOURCE",
  ]);
  assert.equal(records.length, 0);
});

test("an old metadata.version has no users", () => {
  const input = { deletions: [], upsertions: [upsertionOf("a")] };
  const { answer, records } = decideAlterScramCredentials(contextOf(emptyImage), input);
  assert.equal(answer.kind === "refused" && answer.error, "UNSUPPORTED_VERSION");
  assert.deepEqual(records, []);
});
