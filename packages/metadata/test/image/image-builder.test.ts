import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import fc from "fast-check";

import { defaultBootstrapRecords } from "../../src/controller/activation.ts";
import { emptyImage } from "../../src/image/empty-image.ts";
import { ImageBuilder } from "../../src/image/image-builder.ts";
import { imageDifference } from "../../src/image/image-difference.ts";
import { imageRecords } from "../../src/image/image-records.ts";
import type { MetadataRecord } from "../../src/records/metadata-record.ts";
import { brokerOf, clusterOf, idOf, imageAfter } from "../support/decisions.ts";
import { randomBatches } from "../support/random-records.ts";

const provenance = { lastContainedOffset: 1, lastContainedEpoch: 1, lastContainedTimestampMs: 1 };
const base = imageAfter(emptyImage, defaultBootstrapRecords());

test("one builder for all records gives what a builder for each batch gives", () => {
  const property = fc.property(randomBatches(), (batches) => {
    const stepwise = batches.reduce((image, records) => imageAfter(image, records), base);
    const atOnce = imageAfter(base, batches.flat());
    assert.deepEqual(atOnce, stepwise);
  });
  fc.assert(property, { numRuns: 200 });
});

test("the records of an image make the same image again", () => {
  const property = fc.property(randomBatches(), (batches) => {
    const image = imageAfter(base, batches.flat());
    const again = imageAfter(emptyImage, imageRecords(image));
    assert.deepEqual({ ...again, provenance }, { ...image, provenance });
  });
  fc.assert(property, { numRuns: 200 });
});

test("an image is never changed by what follows, and shares what did not change", () => {
  const property = fc.property(randomBatches(), (batches) => {
    let image = base;
    for (const records of batches) {
      const printed = inspect(image, { depth: null });
      const builder = new ImageBuilder(image);
      for (const record of records) builder.apply(record);
      const { image: next, delta } = builder.build(provenance);
      assert.equal(inspect(image, { depth: null }), printed);
      if (delta.configs.size === 0) assert.equal(next.configs, image.configs);
      if (delta.brokers.size === 0) assert.equal(next.brokers, image.brokers);
      image = next;
    }
  });
  fc.assert(property, { numRuns: 100 });
});

test("the delta tells what a comparison of the two images tells", () => {
  const property = fc.property(randomBatches(), randomBatches(), (earlier, later) => {
    const image = imageAfter(base, earlier.flat());
    const builder = new ImageBuilder(image);
    for (const record of later.flat()) {
      if (fits(image, record)) builder.apply(record);
    }
    const { image: next, delta } = builder.build(provenance);
    const compared = imageDifference(image, next).delta;
    const ids = (topics: readonly { readonly id: string }[]) => topics.map(({ id }) => id).sort();
    assert.deepEqual(ids(delta.topics.created), ids(compared.topics.created));
    assert.deepEqual(ids(delta.topics.deleted), ids(compared.topics.deleted));
    for (const [id, { partitions }] of compared.topics.changed) {
      assert.deepEqual(delta.topics.changed.get(id)?.partitions, partitions);
    }
    assert.deepEqual(delta.hasProducerIds, compared.hasProducerIds);
  });
  fc.assert(property, { numRuns: 100 });
});

// The second run was made for an empty cluster: ids and epochs are other ones.
function fits(image: typeof base, record: MetadataRecord): boolean {
  if (record.type === "TopicRecord") return !image.topics.byId.has(record.data.topicId);
  if (record.type === "PartitionRecord") return !image.topics.byId.has(record.data.topicId);
  return record.type === "ProducerIdsRecord" || record.type === "ConfigRecord";
}

test("records that do not fit what came before are refused", () => {
  const cluster = clusterOf(brokerOf(1));
  const impossible: readonly MetadataRecord[] = [
    { type: "RemoveTopicRecord", version: 0, data: { topicId: idOf(1) } },
    { type: "UnregisterBrokerRecord", version: 0, data: { brokerId: 1, brokerEpoch: 99 } },
    { type: "FenceBrokerRecord", version: 0, data: { id: 2, epoch: 1 } },
    {
      type: "ConfigRecord",
      version: 0,
      data: { resourceType: 77, resourceName: "", name: "a", value: "b" },
    },
  ];
  for (const record of impossible) {
    assert.throws(() => imageAfter(cluster, [record]), { code: "METADATA_REPLAY_ERROR" });
  }
});

test("the older fence and unfence records are understood", () => {
  const fence: MetadataRecord = {
    type: "FenceBrokerRecord",
    version: 0,
    data: { id: 1, epoch: 1 },
  };
  const fenced = imageAfter(clusterOf(brokerOf(1)), [fence]);
  assert.equal(fenced.brokers.get(1)?.isFenced, true);
  const unfenced = imageAfter(fenced, [{ ...fence, type: "UnfenceBrokerRecord" }]);
  assert.equal(unfenced.brokers.get(1)?.isFenced, false);
});
