import assert from "node:assert/strict";
import { test } from "node:test";
import { buildRecordBatch, errorName, Produce } from "@millrace/protocol";
import type { LogConfig } from "@millrace/storage";
import { BrokerFixture, createTopic } from "../support/broker-fixture.ts";

// What a broker says for all its topics reaches their logs; storage's own tests show what each
// does there.

const hourMs = 3_600_000;

const defaults: readonly (readonly [key: string, value: string, Partial<LogConfig>])[] = [
  ["log.roll.hours", "3", { segmentMs: 3 * hourMs }],
  ["log.roll.jitter.ms", "77", { segmentJitterMs: 77 }],
  ["log.roll.jitter.hours", "2", { segmentJitterMs: 2 * hourMs }],
  ["log.retention.minutes", "5", { retentionMs: 300_000 }],
  ["log.retention.hours", "5", { retentionMs: 5 * hourMs }],
  ["log.retention.bytes", "7777777", { retentionBytes: 7_777_777 }],
  ["log.index.size.max.bytes", "5000", { segmentIndexBytes: 5000 }],
  ["log.index.interval.bytes", "777", { indexIntervalBytes: 777 }],
  ["log.segment.delete.delay.ms", "77", { fileDeleteDelayMs: 77 }],
  ["log.preallocate", "true", { preallocate: true }],
  ["log.message.timestamp.type", "LogAppendTime", { messageTimestampType: "LogAppendTime" }],
  ["log.message.timestamp.before.max.ms", "77", { messageTimestampBeforeMaxMs: 77 }],
  ["log.message.timestamp.after.max.ms", "77", { messageTimestampAfterMaxMs: 77 }],
  ["log.cleaner.delete.retention.ms", "77", { deleteRetentionMs: 77 }],
  ["log.cleaner.min.compaction.lag.ms", "77", { minCompactionLagMs: 77 }],
  ["log.cleaner.max.compaction.lag.ms", "77", { maxCompactionLagMs: 77 }],
];

test("each default for logs reaches the logs of the topics", async () => {
  for (const [key, value, expected] of defaults) {
    await using fixture = await BrokerFixture.start({ config: { [key]: value } });
    await createTopic(fixture, "orders");
    const { config } = fixture.broker.services.replicas.partition("orders", 0)?.log ?? {};
    assert.ok(config !== undefined);
    assert.deepEqual({ ...config, ...expected }, config, `${key}=${value}`);
  }
});

/** Bytes of one large batch in a topic with these configurations. */
async function sizeOnDisk(
  fixture: BrokerFixture,
  topic: string,
  configs: Readonly<Record<string, string>>,
): Promise<number> {
  await createTopic(fixture, topic, configs);
  let text = "";
  for (let number = 0; number < 4000; number += 1) text += `${(number * 7919) % 1000} `;
  const records = buildRecordBatch([{ key: null, value: Buffer.from(text), timestamp: 1 }]);
  const answer = await fixture.request(Produce, 9, {
    acks: 1,
    timeoutMs: 1000,
    topicData: [{ name: topic, partitionData: [{ index: 0, records }] }],
  });
  const errorCode = answer.responses[0]?.partitionResponses[0]?.errorCode ?? -1;
  assert.equal(errorName(errorCode), "NONE");
  return fixture.broker.services.replicas.partition(topic, 0)?.log.sizeBytes ?? 0;
}

test("compression.gzip.level and compression.zstd.level say how hard a codec tries", async () => {
  await using fixture = await BrokerFixture.start();
  const levels = [
    ["gzip", "compression.gzip.level", "1", "9"],
    ["zstd", "compression.zstd.level", "-50000", "19"],
  ] as const;
  for (const [codec, key, least, most] of levels) {
    const type = { "compression.type": codec };
    const quick = await sizeOnDisk(fixture, `${codec}-least`, { ...type, [key]: least });
    const small = await sizeOnDisk(fixture, `${codec}-most`, { ...type, [key]: most });
    assert.ok(small < quick, `${key}: ${small} at ${most}, ${quick} at ${least}`);
  }
});
