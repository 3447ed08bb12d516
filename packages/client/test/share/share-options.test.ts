import assert from "node:assert/strict";
import { test } from "node:test";

import { resolveShareOptions, type ShareConsumerOptions } from "../../src/share/share-options.ts";

test("defaults are filled in, and what cannot be used is refused by name", () => {
  const options = resolveShareOptions({ groupId: "g", maxPollRecords: 7 }, "west");
  assert.equal(options.maxPollRecords, 7);
  assert.equal(options.acknowledgement, "implicit");
  assert.equal(options.clientRack, "west");
  const refused: readonly (readonly [object, RegExp])[] = [
    [{}, /groupId is not given/],
    [{ groupId: " " }, /groupId is not given/],
    [{ groupId: "g", maxPollRecords: 0 }, /maxPollRecords is 0/],
    [{ groupId: "g", fetchMaxWaitMs: -1 }, /fetchMaxWaitMs is -1/],
    [{ groupId: "g", acknowledgement: "manual" }, /acknowledgement is "manual"/],
    [{ groupId: "g", acquireMode: "record" }, /acquireMode is "record"/],
    [{ groupId: "g", unreadable: "skip" }, /unreadable is "skip"/],
    [{ groupId: "g", groupInstanceId: "a" }, /no option groupInstanceId/],
  ];
  for (const [given, message] of refused) {
    assert.throws(() => resolveShareOptions(given as ShareConsumerOptions, undefined), {
      code: "INVALID_OPTION",
      message,
    });
  }
});
