/** Kafka Streams, with groups of its own protocol (KIP-1071) and with classic ones. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { type Broker, startBrokerUnderTest } from "../src/broker.ts";
import { javaCommand, kafkaTool } from "../src/java.ts";
import { lacking } from "../src/needs.ts";
import { output } from "../src/program.ts";

const program = join(import.meta.dirname, "WordCount.java");
const groupTool = "org.apache.kafka.tools.streams.StreamsGroupCommand";
const patienceMs = 60_000;
const partitionCount = "4";
const skip = await lacking("java", "kcat");

/** Short times, so that an instance that was killed is missed soon. */
const properties = [
  "group.streams.heartbeat.interval.ms=500",
  "group.streams.min.heartbeat.interval.ms=500",
  "group.streams.session.timeout.ms=3000",
  "group.streams.min.session.timeout.ms=3000",
  "group.streams.initial.rebalance.delay.ms=500",
  "transaction.abort.timed.out.transaction.cleanup.interval.ms=500",
];

/** One instance of the application, with its own folder. */
class Instance {
  readonly #child: ChildProcess;
  readonly #folder = mkdtempSync(join(tmpdir(), "millrace-streams-"));
  #told = "";

  constructor(bootstrap: string, protocol: string, application: string) {
    const args = [bootstrap, protocol, application, this.#folder];
    const [command = "", ...words] = javaCommand(program, args);
    this.#child = spawn(command, words, { stdio: ["ignore", "pipe", "pipe"] });
    this.#child.stdout?.on("data", (chunk: Buffer) => (this.#told += chunk.toString()));
    this.#child.stderr?.on("data", (chunk: Buffer) => (this.#told += chunk.toString()));
  }

  get isRunning(): boolean {
    const states = [...this.#told.matchAll(/^state (\w+)$/gm)].map(([, state]) => state);
    return states.at(-1) === "RUNNING";
  }

  get told(): string {
    return this.#told;
  }

  async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode === null && signalCode === null) {
      const ended = new Promise((resolve) => this.#child.once("exit", resolve));
      this.#child.kill(signal);
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

describe("a word count with Kafka Streams, exactly once", { skip }, () => {
  let broker: Broker;
  before(async () => {
    broker = await startBrokerUnderTest({ properties });
  });
  after(async () => broker[Symbol.asyncDispose]());

  for (const protocol of ["streams", "classic"]) {
    const application = `words-${protocol}`;

    test(`${protocol}: two instances share the work, and one takes it all when the other is killed`, async () => {
      for (const topic of [`${application}-lines`, `${application}-counts`]) {
        await createTopic(broker, topic);
      }
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

async function createTopic(broker: Broker, topic: string): Promise<void> {
  const server = ["--bootstrap-server", broker.bootstrap];
  const wanted = ["--create", "--topic", topic, "--partitions", partitionCount];
  await kafkaTool("org.apache.kafka.tools.TopicCommand", [...server, ...wanted]);
}

/** A hundred lines of three words, over all partitions. */
async function produce(broker: Broker, application: string, from: number): Promise<void> {
  const lines = Array.from({ length: 100 }, (_, index) => `${from + index}:alpha beta gamma\n`);
  const words = ["-b", broker.bootstrap, "-t", `${application}-lines`, "-P", "-K:"];
  await output(["kcat", ...words], { input: lines.join("") });
}

/** The counts that were committed, as `word=count`; those of one word in order. */
async function counts(broker: Broker, application: string): Promise<readonly string[]> {
  const words = ["-b", broker.bootstrap, "-t", `${application}-counts`, "-C", "-o", "beginning"];
  const options = ["-e", "-q", "-f", "%k=%s\n", "-X", "isolation.level=read_committed"];
  const text = (await output(["kcat", ...words, ...options])).toString();
  return text.split("\n").filter((line) => line !== "");
}

async function until(isSo: () => Promise<boolean>, instances: readonly Instance[]): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) {
      const told = instances.map((instance) => instance.told.slice(-2000));
      throw new Error(`not in time; the instances said:\n${told.join("\n---\n")}`);
    }
    await sleep(500);
  }
}
