import assert from "node:assert/strict";
import { test } from "node:test";

import { SimClock } from "@millrace/platform/sim";
import { KafkaError } from "../../src/errors/kafka-error.ts";
import { roundRobinAssigner } from "../../src/kafkajs/assigners.ts";
import { asKafkaJsError } from "../../src/kafkajs/errors.ts";
import { AssignerProtocol, Kafka, Partitioners } from "../../src/kafkajs/index.ts";
import { Instrumentation } from "../../src/kafkajs/instrumentation.ts";
import { createLogger } from "../../src/kafkajs/logger.ts";
import { PausedPartitions } from "../../src/kafkajs/paused-partitions.ts";
import { Progress } from "../../src/kafkajs/progress.ts";

const brokers = ["127.0.0.1:1"];
const place = { topic: "orders", partition: 0 };

test("what is not supported is refused when the client is made", () => {
  const refused = (config: object): void => {
    const given = { brokers, ...config };
    assert.throws(() => new Kafka(given), { name: /^KafkaJS(NotImplemented|NonRetriableError)$/ });
  };
  refused({ socketFactory: () => undefined });
  refused({ ssl: { rejectUnauthorized: false } });
  refused({ ssl: { ALPNProtocols: ["h2"] } });
  refused({ sasl: { mechanism: "aws", username: "", password: "" } });
  refused({ requestTimout: 1 });
  refused({ brokers: [] });
  refused({ retry: { retry: 1 } });
  const kafka = new Kafka({ brokers, logLevel: 0 });
  const config = { groupId: "g", sessionTimeoutMs: 1 };
  assert.throws(() => kafka.consumer(config), /sessionTimeout\?/);
  assert.throws(() => kafka.consumer({ groupId: "" }), /groupId must be/);
});

test("keys go where kafkajs sends them, in both of its ways", () => {
  const partitionMetadata = Array.from({ length: 50 }, (_, partitionId) => {
    return { partitionErrorCode: 0, partitionId, leader: 1, replicas: [1], isr: [1] };
  });
  const keys = ["", "a", "ab", "abc", "abcd", "order-17", "a longer key than that"];
  const chosen = (make: typeof Partitioners.DefaultPartitioner): number[] => {
    const partition = make();
    return keys.map((key) => {
      return partition({ topic: "t", partitionMetadata, message: { key, value: "" } });
    });
  };
  assert.deepEqual(chosen(Partitioners.LegacyPartitioner), [34, 15, 35, 7, 14, 47, 48]);
  assert.deepEqual(chosen(Partitioners.DefaultPartitioner), [31, 24, 34, 7, 0, 11, 26]);
});

test("what members of a group exchange is written and read", () => {
  const { MemberMetadata, MemberAssignment } = AssignerProtocol;
  const metadata = { version: 1, topics: ["orders", "ö"], userData: Buffer.from("me") };
  assert.deepEqual(MemberMetadata.decode(MemberMetadata.encode(metadata)), metadata);
  const assignment = { version: 1, assignment: { orders: [0, 2] }, userData: Buffer.alloc(0) };
  assert.deepEqual(MemberAssignment.decode(MemberAssignment.encode(assignment)), assignment);
  assert.equal(MemberAssignment.decode(Buffer.alloc(0)), null);
});

test("partitions go round the members that want them", () => {
  const member = (memberId: string, topics: readonly string[]) => ({
    memberId,
    topics,
    groupInstanceId: undefined,
    ownedPartitions: [],
    generationId: -1,
    rackId: undefined,
    userData: undefined,
  });
  const members = [member("b", ["orders"]), member("a", ["orders", "mails"])];
  const given = roundRobinAssigner.assign(
    members,
    new Map(Object.entries({ orders: 3, mails: 1 })),
  );
  const text = [...given].map(([id, some]) => {
    return `${id}: ${some.map(({ topic, partition }) => `${topic}-${partition}`).join(" ")}`;
  });
  assert.deepEqual(text, ["b: orders-0 orders-2", "a: mails-0 orders-1"]);
});

test("errors have kafkajs's names, and what was tried in vain says so", () => {
  const named = (code: ConstructorParameters<typeof KafkaError>[0]): string =>
    asKafkaJsError(new KafkaError(code, "it failed")).name;
  assert.equal(named("INVALID_TOPIC_EXCEPTION"), "KafkaJSProtocolError");
  assert.equal(named("NOT_LEADER_OR_FOLLOWER"), "KafkaJSNumberOfRetriesExceeded");
  assert.equal(named("BOOTSTRAP_UNREACHABLE"), "KafkaJSNumberOfRetriesExceeded");
  assert.equal(named("SASL_AUTHENTICATION_FAILED"), "KafkaJSSASLAuthenticationError");
  assert.equal(named("INVALID_OPTION"), "KafkaJSNonRetriableError");
  const plain = new Error("the application's own");
  assert.equal(asKafkaJsError(plain), plain);
});

test("offsets are due by time or by number, and a commit settles them", () => {
  const progress = new Progress({ autoCommit: true, intervalMs: 1_000, threshold: 2 }, 0);
  progress.resolve(place, 4n);
  assert.equal(progress.isDue(999), false);
  assert.equal(progress.isDue(1_000), true);
  progress.resolve(place, 5n);
  assert.equal(progress.isDue(0), true);
  const uncommitted = progress.uncommitted();
  assert.deepEqual(uncommitted, [{ ...place, offset: "6" }]);
  progress.committed(uncommitted, 500);
  assert.deepEqual(progress.uncommitted(), []);
  assert.equal(progress.isDue(1_400), false);
});

test("a pause of a topic holds for its partitions until one is resumed", () => {
  const paused = new PausedPartitions();
  paused.set([{ topic: "orders" }], true);
  assert.equal(paused.has(place), true);
  paused.set([{ topic: "orders", partitions: [0] }], false);
  const all = [place, { topic: "orders", partition: 1 }];
  assert.deepEqual(paused.among(all), [{ topic: "orders", partitions: [1] }]);
  assert.throws(() => paused.set([{ topic: "" }], true), /Invalid topic/);
});

test("a listener that fails is logged, and the others hear the event", () => {
  const lines: string[] = [];
  const clock = new SimClock();
  const write = ({ label, log }: { label: string; log: { message: string } }): void => {
    lines.push(`${label} ${log.message}`);
  };
  const logger = createLogger({ level: 2, write, nowMs: () => clock.nowMs() });
  const names = { CONNECT: "x.connect", REQUEST: "x.request" };
  const untold = new Set(["x.request"]);
  const instrumentation = new Instrumentation({ clock, logger, names, untold });
  const heard: string[] = [];
  instrumentation.on("x.connect", () => {
    throw new Error("no");
  });
  const stop = instrumentation.on("x.connect", ({ type }) => heard.push(type));
  instrumentation.on("x.request", () => undefined);
  instrumentation.emit("x.connect", null);
  stop();
  instrumentation.emit("x.connect", null);
  assert.deepEqual(heard, ["x.connect"]);
  assert.deepEqual(lines.slice(1), Array(2).fill("ERROR Failed to execute listener: no"));
  assert.match(lines[0] ?? "", /^WARN x.request is not told/);
  assert.throws(() => instrumentation.on("x.unknown", () => undefined), /CONNECT, REQUEST/);
});
