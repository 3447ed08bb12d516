import assert from "node:assert/strict";
import { test } from "node:test";
import { SimRandom } from "@millrace/platform/sim";
import { isUuid, uuidToBytes, ZERO_UUID } from "@millrace/protocol";

import { freshUuid, isReservedId } from "../../src/controller/uuids.ts";
import { directoryIds } from "../../src/image/topics-image.ts";

test("a fresh id is a version 4 uuid that no command line takes for an option", () => {
  const random = new SimRandom(7);
  const ids = new Set(Array.from({ length: 2_000 }, () => freshUuid(random)));
  assert.equal(ids.size, 2_000);
  for (const id of ids) {
    assert.ok(isUuid(id) && !id.startsWith("-") && !isReservedId(id), id);
    const bytes = uuidToBytes(id);
    assert.equal(bytes.readUInt8(6) >> 4, 4);
    assert.equal(bytes.readUInt8(8) >> 6, 2);
  }
});

test("the ids that Kafka gives a meaning are reserved", () => {
  for (const id of [ZERO_UUID, ...Object.values(directoryIds)]) assert.ok(isReservedId(id));
});
