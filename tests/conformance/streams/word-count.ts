import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { Broker } from "../src/broker.ts";
import { javaCommand, kafkaTool } from "../src/java.ts";
import { output } from "../src/program.ts";

const program = join(import.meta.dirname, "WordCount.java");
const patienceMs = 60_000;
const partitionCount = "4";

/** Short times, so that an instance that was killed is missed soon. */
export const streamsProperties = [
  "group.streams.heartbeat.interval.ms=500",
  "group.streams.min.heartbeat.interval.ms=500",
  "group.streams.session.timeout.ms=3000",
  "group.streams.min.session.timeout.ms=3000",
  "group.streams.initial.rebalance.delay.ms=500",
  "transaction.abort.timed.out.transaction.cleanup.interval.ms=500",
];

/** One instance of the application, with its own folder. */
export class Instance {
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

  /** Whether it has its tasks. */
  get isRunning(): boolean {
    const states = [...this.#told.matchAll(/^state (\w+)$/gm)].map(([, state]) => state);
    return states.at(-1) === "RUNNING";
  }

  /** All that it has said. */
  get told(): string {
    return this.#told;
  }

  /** Ends it, unless it has ended. */
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

/** Makes the topics that lines come from and counts go to. */
export async function createTopics(broker: Broker, application: string): Promise<void> {
  for (const topic of [`${application}-lines`, `${application}-counts`]) {
    await createTopic(broker, topic);
  }
}

async function createTopic(broker: Broker, topic: string): Promise<void> {
  const server = ["--bootstrap-server", broker.bootstrap];
  const wanted = ["--create", "--topic", topic, "--partitions", partitionCount];
  await kafkaTool("org.apache.kafka.tools.TopicCommand", [...server, ...wanted]);
}

/** A hundred lines of three words, over all partitions. */
export async function produce(broker: Broker, application: string, from: number): Promise<void> {
  const lines = Array.from({ length: 100 }, (_, index) => `${from + index}:alpha beta gamma\n`);
  const words = ["-b", broker.bootstrap, "-t", `${application}-lines`, "-P", "-K:"];
  await output(["kcat", ...words], { input: lines.join("") });
}

/** The counts that were committed, as `word=count`; those of one word in order. */
export async function counts(broker: Broker, application: string): Promise<readonly string[]> {
  const words = ["-b", broker.bootstrap, "-t", `${application}-counts`, "-C", "-o", "beginning"];
  const options = ["-e", "-q", "-f", "%k=%s\n", "-X", "isolation.level=read_committed"];
  const text = (await output(["kcat", ...words, ...options])).toString();
  return text.split("\n").filter((line) => line !== "");
}

/** Waits until something is so. @throws Error with what the instances said when that takes long. */
export async function until(
  isSo: () => Promise<boolean>,
  instances: readonly Instance[],
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) {
      const told = instances.map((instance) => instance.told.slice(-2000));
      throw new Error(`not in time; the instances said:\n${told.join("\n---\n")}`);
    }
    await sleep(500);
  }
}
