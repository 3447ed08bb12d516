import assert from "node:assert/strict";
import { test } from "node:test";

import {
  decideActivation,
  decideRegisterController,
  defaultBootstrapRecords,
} from "../../src/controller/activation.ts";
import { emptyImage } from "../../src/image/empty-image.ts";
import type { MetadataRecord } from "../../src/records/metadata-record.ts";
import { clusterOf, idOf } from "../support/decisions.ts";

const bootstrapRecords = defaultBootstrapRecords();
const typesOf = (records: readonly MetadataRecord[]) => records.map(({ type }) => type);

test("an empty log begins with the bootstrap records in one transaction", () => {
  const records = decideActivation({
    image: emptyImage,
    isInTransaction: false,
    bootstrapRecords,
    minInsyncReplicas: 2,
  });
  assert.deepEqual(typesOf(records), [
    "BeginTransactionRecord",
    ...typesOf(bootstrapRecords),
    "ConfigRecord",
    "EndTransactionRecord",
  ]);
  const config = records.find(({ type }) => type === "ConfigRecord");
  assert.ok(config?.type === "ConfigRecord");
  assert.equal(config.data.value, "2");
});

test("Kafka 4.3.1's default features are the bootstrap records", () => {
  const levels = bootstrapRecords.map(({ type, data }) => [type, data]);
  assert.deepEqual(
    levels,
    [
      ["metadata.version", 30],
      ["eligible.leader.replicas.version", 1],
      ["group.version", 1],
      ["share.version", 1],
      ["streams.version", 1],
      ["transaction.version", 2],
    ].map(([name, featureLevel]) => ["FeatureLevelRecord", { name, featureLevel }]),
  );
});

test("a transaction that was left open is aborted", () => {
  const image = clusterOf();
  const input = { image, bootstrapRecords, minInsyncReplicas: 1 };
  assert.deepEqual(typesOf(decideActivation({ ...input, isInTransaction: true })), [
    "AbortTransactionRecord",
  ]);
  assert.deepEqual(decideActivation({ ...input, isInTransaction: false }), []);
});

test("an old metadata.version has no transaction around the bootstrap records", () => {
  const data = { name: "metadata.version", featureLevel: 12 };
  const old: MetadataRecord = { type: "FeatureLevelRecord", version: 0, data };
  const records = decideActivation({
    image: emptyImage,
    isInTransaction: false,
    bootstrapRecords: [old],
    minInsyncReplicas: 1,
  });
  assert.deepEqual(records, [old]);
});

test("a controller registers where the metadata.version can hold it", () => {
  const controller = {
    id: 1,
    incarnationId: idOf(1),
    isZkMigrationReady: false,
    endpoints: [],
    features: [],
  };
  assert.equal(decideRegisterController(clusterOf(), controller).length, 1);
  assert.equal(decideRegisterController(emptyImage, controller).length, 0);
});
