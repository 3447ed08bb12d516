/** Share groups (KIP-932) as Java's share consumer and tools see them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";

import { type Broker, startBrokerUnderTest } from "../src/broker.ts";
import { javaCommand, kafkaTool } from "../src/java.ts";
import { lacking } from "../src/needs.ts";
import { output } from "../src/program.ts";

const program = join(import.meta.dirname, "ShareClient.java");
const skip = await lacking("java", "kcat");
const isKafka = process.env["CONFORMANCE_BROKER"] === "kafka";

/** Apache Kafka has dead letters from 4.4 on. */
const deadLetterTopic = isKafka ? [] : ["dlq.dead"];
const ownProperties = isKafka
  ? [
      "share.coordinator.state.topic.replication.factor=1",
      "share.coordinator.state.topic.min.isr=1",
    ]
  : ["errors.deadletterqueue.auto.create.topics.enable=true"];

/** Members learn of their partitions with a heartbeat: with the default, after five seconds. */
const briefHeartbeats = [
  "group.share.min.heartbeat.interval.ms=500",
  "group.share.heartbeat.interval.ms=500",
];

describe("share groups", { skip }, () => {
  let broker: Broker;
  let lines: readonly string[] = [];
  before(async () => {
    broker = await startBrokerUnderTest({
      properties: [
        "group.share.min.record.lock.duration.ms=1000",
        ...briefHeartbeats,
        ...ownProperties,
      ],
    });
    // One process for all scenarios: starting a JVM and joining a group take seconds each.
    const words = javaCommand(program, [broker.bootstrap, ...deadLetterTopic]);
    lines = (await output(words)).toString().trim().split("\n");
  });
  after(async () => broker[Symbol.asyncDispose]());

  const saidOf = (scenario: string): readonly string[] =>
    lines
      .filter((line) => line.startsWith(`${scenario}: `))
      .map((line) => line.slice(scenario.length + 2));

  test("what was polled comes again after a close, and not after a commit", () => {
    assert.deepEqual(saidOf("implicit"), [
      "closed 0x1 1x1 2x1",
      "again 0x2 1x2 2x2",
      "kept ok",
      "left 0",
    ]);
  });

  test("released records come again with a higher count, rejected ones do not", () => {
    assert.deepEqual(saidOf("explicit"), ["kept ok", "again 1x2 4x2", "kept ok", "left 0"]);
  });

  test("a lock that is renewed holds beyond its time", () => {
    assert.deepEqual(saidOf("renew"), ["others 0 kept ok"]);
  });

  test("a lock that runs out gives the record to another member", () => {
    // The late member speaks of what is done with: nobody minds.
    assert.deepEqual(saidOf("timeout"), ["again 0x2", "kept ok", "late ok"]);
  });

  test("read_committed delivers nothing of aborted transactions", () => {
    assert.deepEqual(saidOf("committed"), ["[round-0, round-2] 6", "kept ok"]);
  });

  test("what is rejected or used up goes to the dead-letter topic", { skip: isKafka }, async () => {
    assert.deepEqual(saidOf("dead"), ["kept ok", "kept ok", "left 0"]);
    const kcat = ["kcat", "-b", broker.bootstrap, "-t", "dlq.dead", "-C", "-e", "-q"];
    const read = (await output([...kcat, "-f", "%k %s %h\\n"])).toString().trim().split("\n");
    const headers = (offset: number, count: number, message: string): string =>
      [
        "__dlq.errors.topic=dead",
        "__dlq.errors.partition=0",
        `__dlq.errors.offset=${offset}`,
        "__dlq.errors.group=dead",
        `__dlq.errors.delivery.count=${count}`,
        `__dlq.errors.message=${message}`,
      ].join(",");
    assert.deepEqual(read, [
      `k0 v0 ${headers(0, 1, "Offset rejected by client.")}`,
      `k1 v1 ${headers(1, 2, "Offset delivery count exceeded the threshold.")}`,
    ]);
  });

  test("VerifiableShareConsumer consumes and acknowledges every record once", async () => {
    const asked = ["--bootstrap-server", broker.bootstrap, "--topic", "implicit"];
    const report = await kafkaTool("org.apache.kafka.tools.VerifiableShareConsumer", [
      ...asked,
      "--group-id",
      "verifiable",
      "--max-messages",
      "3",
      "--offset-reset-strategy",
      "earliest",
      "--acknowledgement-mode",
      "sync",
    ]);
    const countOf = (name: string): number =>
      [...report.matchAll(new RegExp(`"name":"${name}","count":(\\d+)`, "g"))].reduce(
        (sum, [, count]) => sum + Number(count),
        0,
      );
    assert.equal(countOf("records_consumed"), 3);
    assert.equal(countOf("offsets_acknowledged"), 3);
  });
});
