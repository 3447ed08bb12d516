/** A folder with a streams group goes from Apache Kafka to Millrace and back. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { type Broker, startKafka, startMillrace } from "../src/broker.ts";
import { kafkaTool } from "../src/java.ts";
import { lacking } from "../src/needs.ts";
import { counts, createTopics, Instance, produce, streamsProperties, until } from "./word-count.ts";

const skip = await lacking("java", "kcat");
const application = "words";
const properties = streamsProperties;

/** Has a hundred lines counted, and gives what the group is like while its member is there. */
async function countMore(broker: Broker, from: number): Promise<string> {
  await produce(broker, application, from);
  const instance = new Instance(broker.bootstrap, "streams", application);
  try {
    const expected = (from + 100) * 3;
    await until(async () => (await counts(broker, application)).length >= expected, [instance]);
    await until(() => Promise.resolve(instance.isRunning), [instance]);
    return await describe(broker, "--offsets");
  } finally {
    await instance.end("SIGTERM");
  }
}

async function describe(broker: Broker, ...what: readonly string[]): Promise<string> {
  const group = ["--describe", "--group", application, ...what];
  const words = ["--bootstrap-server", broker.bootstrap, ...group];
  const told = await kafkaTool("org.apache.kafka.tools.streams.StreamsGroupCommand", words);
  return told.trim().split("\n").sort().join("\n");
}

test("a streams group goes on from Apache Kafka to Millrace and back", { skip }, async () => {
  await using kafka = await startKafka({ properties });
  await createTopics(kafka, application);
  const described = await countMore(kafka, 0);
  const state = await describe(kafka, "--state", "--verbose");
  await kafka.stop();
  await using millrace = await startMillrace({ dataFolder: kafka.dataFolder, properties });
  // The coordinator's address apart, the group is what it was.
  assert.equal(
    (await describe(millrace, "--state", "--verbose")).replace(millrace.bootstrap, kafka.bootstrap),
    state,
  );
  assert.equal(await countMore(millrace, 100), described);
  const after = await describe(millrace, "--state", "--verbose");
  await millrace.stop();
  await kafka.start();
  assert.equal(
    (await describe(kafka, "--state", "--verbose")).replace(kafka.bootstrap, millrace.bootstrap),
    after,
  );
  assert.equal(await countMore(kafka, 200), described);
  const counted = await counts(kafka, application);
  for (const word of ["alpha", "beta", "gamma"]) {
    assert.deepEqual(
      counted.filter((line) => line.startsWith(`${word}=`)),
      Array.from({ length: 300 }, (_, index) => `${word}=${index + 1}`),
    );
  }
});
