import assert from "node:assert/strict";
import { test } from "node:test";

import { emptyImage } from "../../src/image/empty-image.ts";
import { featureLevel, imageRecords, registerBroker } from "../../src/image/image-records.ts";
import { metadataFormatOf } from "../../src/records/feature-levels.ts";
import { brokerOf, clusterOf } from "../support/decisions.ts";

test("metadata.version comes first, so that a reader knows at once what follows", () => {
  const [first] = imageRecords(clusterOf(brokerOf(1)));
  assert.deepEqual(first, featureLevel("metadata.version", 30));
  assert.deepEqual([...imageRecords(emptyImage)], []);
});

test("a registration is written in the version that metadata.version has", () => {
  const old = registerBroker(brokerOf(1, { cordonedLogDirs: null }), metadataFormatOf(16));
  assert.ok(old.type === "RegisterBrokerRecord");
  assert.deepEqual([old.version, old.data.logDirs], [2, []]);
  const latest = registerBroker(brokerOf(1), metadataFormatOf(30));
  assert.equal(latest.version, 4);
});
