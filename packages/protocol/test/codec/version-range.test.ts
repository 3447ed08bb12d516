import assert from "node:assert/strict";
import { test } from "node:test";
import { includesVersion, parseVersions, versionsOf } from "@millrace/protocol";

test("a range is one version, two bounds, or open at its end", () => {
  assert.deepEqual(parseVersions("3", 9), { first: 3, last: 3 });
  assert.deepEqual(parseVersions("3-7", 9), { first: 3, last: 7 });
  assert.deepEqual(parseVersions("3+", 9), { first: 3, last: 9 });
  assert.equal(parseVersions("none", 9), null);
});

test("a range includes its bounds", () => {
  const included = [2, 3, 7, 8].map((version) => includesVersion("3-7", version));
  assert.deepEqual(included, [false, true, true, false]);
  assert.equal(includesVersion("3+", 999), true);
  assert.equal(includesVersion("none", 0), false);
});

test("a message without versions is a mistake", () => {
  assert.deepEqual(versionsOf({ versions: "0-4" }), { first: 0, last: 4 });
  assert.throws(() => versionsOf({ versions: "none" }), RangeError);
});
