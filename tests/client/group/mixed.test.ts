/** Members of Apache Kafka's Java client and of this one in one group, in both protocols. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

import { Client, type ConsumerOptions } from "@millrace/client";
import { javaCommand } from "@millrace/conformance/harness";

import { createTopic } from "../consumer/topics.ts";
import { type ClientBroker, eachBroker, uniqueName } from "../src/index.ts";
import { join, until } from "./members.ts";

const timeoutMs = 90_000;
const partitions = 4;

/** A VerifiableConsumer: it says in JSON lines what it was assigned and what it gave up. */
class JavaMember implements AsyncDisposable {
  readonly #child: ChildProcess;
  #owned = new Set<number>();
  #rest = "";

  constructor(broker: ClientBroker, topic: string, groupId: string, args: readonly string[]) {
    const tool = "org.apache.kafka.tools.VerifiableConsumer";
    const common = ["--bootstrap-server", broker.bootstrap, "--topic", topic];
    const [command = "", ...words] = javaCommand(tool, [...common, "--group-id", groupId, ...args]);
    this.#child = spawn(command, words, { stdio: ["ignore", "pipe", "ignore"] });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => this.#read(text));
  }

  /** The partitions that it has now, in order. */
  partitions(): readonly number[] {
    return [...this.#owned].sort((a, b) => a - b);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await ended;
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      const [, name] = /"name":"(partitions_(?:assigned|revoked|lost))"/.exec(line) ?? [];
      if (name === undefined) continue;
      const numbers = [...line.matchAll(/"partition":(\d+)/g)].map(([, number]) => Number(number));
      for (const number of numbers) {
        if (name === "partitions_assigned") this.#owned.add(number);
        else this.#owned.delete(number);
      }
    }
  }
}

const ways: readonly (readonly [string, readonly string[], ConsumerOptions])[] = [
  [
    "classic, cooperative-sticky",
    [
      "--group-protocol",
      "classic",
      "--assignment-strategy",
      "org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
    ],
    { groupProtocol: "classic", partitionAssignors: ["cooperative-sticky"] },
  ],
  ["KIP-848", ["--group-protocol", "consumer"], { groupProtocol: "auto" }],
];

for (const [way, args, options] of ways) {
  eachBroker(`Java's members and ours share a group: ${way}`, { timeoutMs }, async (broker) => {
    await using client = new Client({ bootstrap: broker.bootstrap });
    const topic = await createTopic(broker, { partitions });
    const groupId = uniqueName("mixed");
    await using java = new JavaMember(broker, topic, groupId, args);
    await until(
      () => java.partitions().length === partitions,
      () => java.partitions(),
    );
    // Java leads, then ours joins …
    const ours = await join(client, topic, { groupId, ...options });
    await until(
      () => ours.partitions().length === 2 && java.partitions().length === 2,
      () => ({ java: java.partitions(), ours: ours.partitions(), health: ours.consumer.health() }),
    );
    const all = [...java.partitions(), ...ours.partitions()].sort((a, b) => a - b);
    assert.deepEqual(all, [0, 1, 2, 3]);
    const spoken = options.groupProtocol === "auto" ? "consumer" : "classic";
    assert.equal(ours.consumer.health().membership?.protocol, spoken);
    // … and Java goes, so that ours leads, and another Java comes.
    await java[Symbol.asyncDispose]();
    await until(
      () => ours.partitions().length === partitions,
      () => ours.consumer.health(),
    );
    await using another = new JavaMember(broker, topic, groupId, args);
    await until(
      () => ours.partitions().length === 2 && another.partitions().length === 2,
      () => ({ java: another.partitions(), ours: ours.partitions() }),
    );
    await ours.close();
    await until(
      () => another.partitions().length === partitions,
      () => another.partitions(),
    );
  });
}
