/** Kafka Streams, with groups of its own protocol (KIP-1071) and with classic ones. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { type Broker, startBrokerUnderTest } from "../src/broker.ts";
import { kafkaTool } from "../src/java.ts";
import { lacking } from "../src/needs.ts";
import { counts, createTopics, Instance, produce, streamsProperties, until } from "./word-count.ts";

const groupTool = "org.apache.kafka.tools.streams.StreamsGroupCommand";
const skip = await lacking("java", "kcat");

describe("a word count with Kafka Streams, exactly once", { skip }, () => {
  let broker: Broker;
  before(async () => {
    broker = await startBrokerUnderTest({ properties: streamsProperties });
  });
  after(async () => broker[Symbol.asyncDispose]());

  for (const protocol of ["streams", "classic"]) {
    const application = `words-${protocol}`;

    test(`${protocol}: two instances share the work, and one takes it all when the other is killed`, async () => {
      await createTopics(broker, application);
      const first = new Instance(broker.bootstrap, protocol, application);
      const second = new Instance(broker.bootstrap, protocol, application);
      try {
        await produce(broker, application, 0);
        await until(() => Promise.resolve(first.isRunning && second.isRunning), [first, second]);
        await until(async () => (await counts(broker, application)).length === 300, [second]);
        await produce(broker, application, 100);
        await first.end("SIGKILL");
        await produce(broker, application, 200);
        await until(async () => (await counts(broker, application)).length >= 900, [second]);
        const counted = await counts(broker, application);
        // Each word was written 300 times: every count once, in order, whoever counted it.
        for (const word of ["alpha", "beta", "gamma"]) {
          const ofWord = counted.filter((line) => line.startsWith(`${word}=`));
          assert.deepEqual(
            ofWord,
            Array.from({ length: 300 }, (_, index) => `${word}=${index + 1}`),
          );
        }
        assert.equal(counted.length, 900);
        if (protocol === "streams") await describedWhileRunning(broker, application);
      } finally {
        await first.end("SIGKILL");
        await second.end("SIGTERM");
      }
    });
  }

  test("StreamsGroupCommand describes, resets and deletes a group that has ended", async () => {
    const tool = (...args: string[]) => {
      return kafkaTool(groupTool, ["--bootstrap-server", broker.bootstrap, ...args]);
    };
    const ofGroup = ["--group", "words-streams"];
    assert.match(await tool("--list"), /^words-streams$/m);
    assert.match(await tool("--list", "--state"), /^words-streams\s+Empty$/m);
    const reset = ["--reset-offsets", ...ofGroup, "--all-input-topics", "--to-earliest"];
    const topic = "words-streams-lines";
    assert.match(
      await tool(...reset, "--execute"),
      new RegExp(`words-streams\\s+${topic}\\s+0\\s+0`),
    );
    const deleted = await tool("--delete-offsets", ...ofGroup, "--input-topic", topic);
    assert.match(deleted, new RegExp(`${topic}\\s+0\\s+Successful`));
    assert.match(await tool("--delete", ...ofGroup), /\('words-streams'\) was successful/);
    assert.doesNotMatch(await tool("--list"), /words-streams/);
  });
});

/** What the tool says of a group whose one member has all eight tasks. */
async function describedWhileRunning(broker: Broker, group: string): Promise<void> {
  const describe = (...args: string[]) => {
    const ofGroup = ["--bootstrap-server", broker.bootstrap, "--describe", "--group", group];
    return kafkaTool(groupTool, [...ofGroup, ...args]);
  };
  assert.match(await describe("--state"), new RegExp(`^${group}\\s.*\\sStable\\s+1\\s*$`, "m"));
  assert.match(
    await describe("--members", "--verbose"),
    /ACTIVE: 0:\[0,1,2,3\]; 1:\[0,1,2,3\]; TARGET-ACTIVE: 0:\[0,1,2,3\]; 1:\[0,1,2,3\];/,
  );
  const offsets = await describe("--offsets");
  for (const topic of [`${group}-lines`, `${group}-by-word-repartition`]) {
    for (let partition = 0; partition < 4; partition++) {
      assert.match(offsets, new RegExp(`^${group}\\s+${topic}\\s+${partition}\\s+0\\s*$`, "m"));
    }
  }
}
