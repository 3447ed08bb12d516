import assert from "node:assert/strict";
import { test } from "node:test";

import { durationMsOf } from "../../src/share/share-group-settings.ts";
import { BrokerFixture } from "../support/broker-fixture.ts";
import { configure } from "../support/share-member.ts";

test("a group's own values win over the broker's, at once", async () => {
  await using fixture = await BrokerFixture.start({
    config: { "group.share.delivery.count.limit": "6" },
  });
  const settings = () => fixture.broker.services.sharePartitions.settings("g");
  assert.equal(settings().limits.deliveryCountMax, 6);
  assert.equal(settings().limits.recordLocksMax, 2000);
  assert.equal(settings().recordLockDurationMs, 30_000);
  assert.equal(settings().offsetReset, "latest");
  assert.equal(settings().deadLetterTopic, "");
  await configure(fixture, 32, "g", {
    "share.delivery.count.limit": "3",
    "share.partition.max.record.locks": "150",
    "share.record.lock.duration.ms": "20000",
    "share.auto.offset.reset": "by_duration:PT1H",
    "share.isolation.level": "read_committed",
    "share.renew.acknowledge.enable": "false",
    "errors.deadletterqueue.topic.name": "dlq.g",
    "errors.deadletterqueue.copy.record.enable": "true",
  });
  assert.deepEqual(settings(), {
    limits: { deliveryCountMax: 3, recordLocksMax: 150 },
    recordLockDurationMs: 20_000,
    isReadCommitted: true,
    isRenewEnabled: false,
    offsetReset: { durationMs: 3_600_000 },
    deadLetterTopic: "dlq.g",
    copiesRecords: true,
  });
});

test("durations are Java's", () => {
  assert.equal(durationMsOf("P1DT2H3M4.5S"), 93_784_500);
  assert.equal(durationMsOf("PT0.25S"), 250);
  assert.equal(durationMsOf("P2D"), 172_800_000);
});
