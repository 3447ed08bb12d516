import assert from "node:assert/strict";
import { test } from "node:test";

import { decideUpdateFeatures, minInsyncRecord } from "../../src/controller/update-features.ts";
import type { ClusterImage } from "../../src/image/cluster-image.ts";
import { configsOf } from "../../src/image/configs-image.ts";
import { brokerOf, clusterOf, decideOn, imageAfter } from "../support/decisions.ts";

const ELR = "eligible.leader.replicas.version";
const UPGRADE = 1;
const SAFE_DOWNGRADE = 2;
const full = clusterOf(brokerOf(1));

function update(
  image: ClusterImage,
  feature: string,
  maxVersionLevel: number,
  upgradeType = UPGRADE,
) {
  const featureUpdates = [{ feature, maxVersionLevel, upgradeType }];
  return decideOn(image, (context) =>
    decideUpdateFeatures(context, { featureUpdates, validateOnly: false }),
  );
}

test("a level goes down only if that is asked for, and up again", () => {
  assert.equal(update(full, "share.version", 0).value[0]?.error, "INVALID_UPDATE_VERSION");
  const down = update(full, "share.version", 0, SAFE_DOWNGRADE);
  assert.equal(down.image.features.levels.has("share.version"), false);
  const up = update(down.image, "share.version", 1);
  assert.equal(up.image.features.levels.get("share.version"), 1);
});

test("unknown features, levels out of range and a lower metadata.version are refused", () => {
  for (const [feature, level] of [
    ["magic.version", 1],
    ["group.version", 9],
    ["metadata.version", 29],
  ] as const) {
    const { value, records } = update(full, feature, level, SAFE_DOWNGRADE);
    assert.equal(value[0]?.error, "INVALID_UPDATE_VERSION", feature);
    assert.deepEqual(records, []);
  }
});

test("a level that a registered broker does not support is refused", () => {
  const features = [{ name: "metadata.version", minSupportedVersion: 7, maxSupportedVersion: 30 }];
  const down = update(full, "share.version", 0, SAFE_DOWNGRADE).image;
  const image = imageAfter(down, []);
  const old = new Map(image.brokers).set(2, brokerOf(2, { features }));
  const refused = update({ ...image, brokers: old }, "share.version", 1);
  assert.equal(refused.value[0]?.error, "INVALID_UPDATE_VERSION");
});

test("eligible leader replicas make min.insync.replicas a configuration of the cluster", () => {
  const off = update(full, ELR, 0, SAFE_DOWNGRADE).image;
  const on = update(off, ELR, 1);
  const configs = configsOf(on.image.configs, { type: "broker", name: "" });
  assert.equal(configs.get("min.insync.replicas"), "1");
  assert.equal(minInsyncRecord(3).type, "ConfigRecord");
});

test("eligible leader replicas need a metadata.version that can write them", () => {
  const off = update(full, ELR, 0, SAFE_DOWNGRADE).image;
  const old = { ...off, features: { ...off.features, metadataVersion: 22 } };
  assert.equal(update(old, ELR, 1).value[0]?.error, "INVALID_UPDATE_VERSION");
});

test("one impossible update stops the others of its request", () => {
  const featureUpdates = [
    { feature: "share.version", maxVersionLevel: 0, upgradeType: SAFE_DOWNGRADE },
    { feature: "group.version", maxVersionLevel: 9, upgradeType: UPGRADE },
  ];
  const { records } = decideOn(full, (context) =>
    decideUpdateFeatures(context, { featureUpdates, validateOnly: false }),
  );
  assert.deepEqual(records, []);
});
