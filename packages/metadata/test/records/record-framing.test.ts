import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeMetadataRecord, encodeMetadataRecord } from "../../src/records/record-framing.ts";
import type { MetadataRecord } from "../../src/records/metadata-record.ts";

// The value of the first record of a bootstrap.checkpoint that Apache Kafka 4.3.1 wrote.
const featureHex = "010c00116d657461646174612e76657273696f6e001e00";
const feature: MetadataRecord = {
  type: "FeatureLevelRecord",
  version: 0,
  data: { name: "metadata.version", featureLevel: 30 },
};

test("a record has the bytes that Kafka gives it", () => {
  assert.equal(Buffer.from(encodeMetadataRecord(feature)).toString("hex"), featureHex);
  assert.deepEqual(decodeMetadataRecord(Buffer.from(featureHex, "hex")), feature);
});

test("an unknown frame, type or version, and bytes that are missing or too many, are refused", () => {
  for (const hex of ["020c00", "017f00", "010c09", featureHex.slice(0, -4), `${featureHex}00`]) {
    assert.throws(() => decodeMetadataRecord(Buffer.from(hex, "hex")), {
      code: "METADATA_REPLAY_ERROR",
    });
  }
});
