import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Broker, startBrokerUnderTest } from "../src/broker.ts";
import { javaCommand, kafkaTool } from "../src/java.ts";
import { lacking } from "../src/needs.ts";
import { sampleLines } from "../src/records.ts";

const patienceMs = 30_000;
const partitionCount = 6;
const lines = sampleLines(300);

/** Short times, so that a member that was killed is missed soon. */
const properties = [
  "group.consumer.heartbeat.interval.ms=500",
  "group.consumer.min.heartbeat.interval.ms=500",
  "group.consumer.session.timeout.ms=3000",
  "group.consumer.min.session.timeout.ms=3000",
];

/** One member of a group: Kafka's own VerifiableConsumer, which tells what it does line by line. */
class Member {
  readonly #child: ChildProcess;
  readonly #owned = new Set<number>();
  #text = "";

  constructor(bootstrap: string, protocol: "classic" | "consumer") {
    const group = ["--topic", "orders", "--group-id", "workers", "--group-protocol", protocol];
    const session = protocol === "classic" ? ["--session-timeout", "6000"] : [];
    const words = javaCommand("org.apache.kafka.tools.VerifiableConsumer", [
      "--bootstrap-server",
      bootstrap,
      ...group,
      ...session,
      "--reset-policy",
      "earliest",
    ]);
    const [program = "", ...args] = words;
    this.#child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"] });
    this.#child.stdout?.on("data", (chunk: Buffer) => this.#read(chunk.toString()));
  }

  /** The partitions it has. */
  get owned(): readonly number[] {
    return [...this.#owned];
  }

  end(signal: "SIGTERM" | "SIGKILL"): Promise<unknown> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return Promise.resolve();
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill(signal);
    return ended;
  }

  #read(chunk: string): void {
    const told = `${this.#text}${chunk}`.split("\n");
    this.#text = told.pop() ?? "";
    for (const line of told) {
      for (const [, text] of line.matchAll(/"partition":(\d+)/g)) {
        const partition = Number(text);
        if (line.includes('"partitions_assigned"')) this.#owned.add(partition);
        if (line.includes('"partitions_revoked"')) this.#owned.delete(partition);
      }
    }
  }
}

/** Each test goes on with the group of the one before. */
describe("Java members that come, leave and die", async () => {
  const skip = await lacking("java");
  let broker: Broker;
  const members: Member[] = [];
  const join = (protocol: "classic" | "consumer") => {
    const member = new Member(broker.bootstrap, protocol);
    members.push(member);
    return member;
  };
  const tool = (name: string, ...args: readonly string[]) =>
    kafkaTool(`org.apache.kafka.tools.${name}`, ["--bootstrap-server", broker.bootstrap, ...args], {
      input: lines.map((line) => `${line}\n`).join(""),
    });
  const groups = (...args: readonly string[]) =>
    tool("consumer.group.ConsumerGroupCommand", "--describe", "--group", "workers", ...args);
  before(async () => {
    if (skip !== false) return;
    broker = await startBrokerUnderTest({ properties });
    const size = ["--partitions", String(partitionCount)];
    await tool("TopicCommand", "--create", "--topic", "orders", ...size);
    await tool("ConsoleProducer", "--topic", "orders");
  });
  after(async () => {
    await Promise.all(members.map((member) => member.end("SIGKILL")));
    if (skip === false) await broker[Symbol.asyncDispose]();
  });

  /** Waits until the members share all partitions, each with as many as it should have. */
  const shared = async (sizes: readonly number[], among: readonly Member[]) => {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const all = among.flatMap(({ owned }) => owned).sort((left, right) => left - right);
      const is = among.map(({ owned }) => owned.length);
      const isDone = sizes.every((size, index) => is[index] === size);
      if (isDone && new Set(all).size === partitionCount) return;
      assert.ok(performance.now() < deadline, `members have ${is.join("+")}: ${all.join()}`);
      await sleep(100);
    }
  };

  test("members of the consumer protocol share the partitions as they come", { skip }, async () => {
    const first = join("consumer");
    await shared([6], [first]);
    const second = join("consumer");
    await shared([3, 3], [first, second]);
  });

  test("a classic member takes part in the same group", { skip }, async () => {
    join("classic");
    await shared([2, 2, 2], members);
    assert.match(await groups("--members", "--verbose"), /UPGRADED\nworkers.*(true|false)/);
    assert.match(await groups("--state"), /uniform +Stable +3/);
  });

  test("the partitions of a killed member go to the others", { skip }, async () => {
    const [killed, ...others] = members;
    await killed?.end("SIGKILL");
    await shared([3, 3], others);
  });

  test("the group is classic once its last new member has left", { skip }, async () => {
    const [, left, classic] = members;
    assert.ok(left !== undefined && classic !== undefined);
    await left.end("SIGTERM");
    await shared([6], [classic]);
    const listed = await tool("consumer.group.ConsumerGroupCommand", "--list", "--type");
    assert.match(listed, /^workers +Classic *$/m);
  });

  test("what was committed is there after the broker was killed", { skip }, async () => {
    await Promise.all(members.map((member) => member.end("SIGTERM")));
    const before = await groups("--offsets");
    const committed = before.match(/^workers +orders +\d+ +(\d+)/gm) ?? [];
    assert.ok(committed.length > 0, before);
    await broker.kill();
    await broker.start();
    const rows = (text: string) =>
      (text.match(/^workers +orders +\d+ +\d+ +\d+ +\d+/gm) ?? []).sort();
    assert.deepEqual(rows(await groups("--offsets")), rows(before));
  });

  test("a console consumer reads the topics that a pattern means to the broker", {
    skip,
  }, async () => {
    const group = ["--group", "pattern", "--command-property", "group.protocol=consumer"];
    const count = ["--from-beginning", "--max-messages", "300", "--timeout-ms", "30000"];
    const text = await tool("consumer.ConsoleConsumer", "--include", "ord.*", ...group, ...count);
    assert.equal(text.trimEnd().split("\n").length, lines.length);
  });
});
