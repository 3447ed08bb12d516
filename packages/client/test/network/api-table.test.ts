import assert from "node:assert/strict";
import { test } from "node:test";
import { Metadata, type Versions } from "@millrace/protocol";
import { chooseVersion } from "../../src/network/api-table.ts";

const tableWith = (versions: Versions | undefined): Parameters<typeof chooseVersion>[0] => ({
  versions: new Map(versions === undefined ? [] : [[Metadata.key, versions]]),
  features: new Map(),
  featuresEpoch: -1,
});

test("the newest version that both sides and the caller allow is spoken", () => {
  assert.equal(chooseVersion(tableWith({ first: 0, last: 99 }), Metadata, {}), 13);
  assert.equal(chooseVersion(tableWith({ first: 0, last: 7 }), Metadata, {}), 7);
  assert.equal(chooseVersion(tableWith({ first: 0, last: 12 }), Metadata, { maxVersion: 4 }), 4);
});

test("ranges that do not meet are refused, and so is an API that the broker lacks", () => {
  const meets = { code: "UNSUPPORTED_VERSION", api: "Metadata", retriable: false };
  assert.throws(() => chooseVersion(tableWith({ first: 20, last: 30 }), Metadata, {}), meets);
  assert.throws(() => chooseVersion(tableWith(undefined), Metadata, {}), meets);
});
