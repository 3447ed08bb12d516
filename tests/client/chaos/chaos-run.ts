import { setTimeout as sleep } from "node:timers/promises";

import {
  type Broker,
  type BrokerKind,
  freePort,
  startKafka,
  startMillrace,
} from "@millrace/conformance/harness";
import { type FaultCounts, FaultProxy, seededRandom } from "@millrace/history/faults";

import { type ChaosEvent, topics } from "./events.ts";
import { Findings } from "./findings.ts";
import { HandlingJudge } from "./handling-judge.ts";
import { LoadProcess } from "./load-process.ts";
import { LogJudge } from "./log-judge.ts";
import { memoryGrowth, type MemorySample } from "./memory-judge.ts";
import { type FaultName, Nemesis } from "./nemesis.ts";
import { ProgressJudge, recoveryMsMax } from "./progress-judge.ts";
import { readTopic } from "./read-topic.ts";

/** What a run does. */
export interface ChaosRunOptions {
  readonly kind: BrokerKind;
  readonly seconds: number;
  readonly seed: number;
  /** Records a second of each producer. */
  readonly rate: number;
  /** The longest pause between two faults. */
  readonly calmMsMax: number;
  /** Where `events.ndjson` and `client.log` are kept. */
  readonly folder: string;
  readonly onMemory?: (sample: MemorySample) => void;
}

/** What a run came to. */
export interface ChaosReport {
  readonly findings: Findings;
  readonly faults: Readonly<Record<FaultName, number>>;
  readonly wires: Readonly<FaultCounts>;
  readonly counts: Readonly<Record<string, number>>;
  /** What loops and transactions ended with, and how often. */
  readonly errors: ReadonlyMap<string, number>;
  readonly memory: readonly MemorySample[];
  /** How long it took until every member had got something done again. */
  readonly recoveryMs: number;
}

const startMsMax = 30_000;
const drainMsMax = 60_000;

/**
 * Lets clients work through a proxy while broker and wires suffer, lets them finish, and judges
 * what they saw.
 * @throws Error when the broker does not come back, or the clients cannot finish
 */
export async function runChaos(options: ChaosRunOptions): Promise<ChaosReport> {
  const random = seededRandom(options.seed);
  const port = await freePort();
  await using broker = await startBroker(options.kind, port);
  const targetPort = Number(broker.bootstrap.split(":")[1]);
  await using proxy = await FaultProxy.listen({ port, targetPort, random });
  const court = new Court(options);
  const { seed, rate, folder } = options;
  const settings = { bootstrap: `127.0.0.1:${port}`, seed, rate };
  await using load = LoadProcess.start(settings, folder, (event) => court.see(event));
  await load.reached("working", startMsMax);
  const nemesis = new Nemesis(broker, proxy, random);
  await sleep(1_000);
  await nemesis.rage(options.seconds * 1_000, options.calmMsMax);
  const recoveryMs = await court.recovered();
  load.tell("stop");
  await load.reached("produced", drainMsMax);
  const bootstrap = settings.bootstrap;
  const orders = await readTopic(bootstrap, topics.orders);
  court.log.judgeOrders(orders);
  await court.drained(() => {
    const ends = orders.map(({ length }) => length);
    return court.log.isShared(orders) && court.hasHandled(ends);
  });
  // Copies come last, and nothing tells that they are whole but themselves.
  const copies = await court.copied(orders, async () => ({
    classic: await readTopic(bootstrap, topics.copies.classic),
    consumer: await readTopic(bootstrap, topics.copies.consumer),
  }));
  load.tell("close");
  await load.reached("closed", drainMsMax);
  const exitCode = await load.ended;
  if (exitCode !== 0) court.findings.add("held", `it ended with ${exitCode}`);
  court.log.judgeReaders(orders, copies, court.handling);
  return { ...court.report(), faults: nemesis.counts, wires: proxy.counts, recoveryMs };
}

function startBroker(kind: BrokerKind, port: number): Promise<Broker> {
  const start = kind === "kafka" ? startKafka : startMillrace;
  return start({
    properties: [
      `advertised.listeners=PLAINTEXT://127.0.0.1:${port}`,
      "offsets.topic.num.partitions=3",
      "transaction.state.log.num.partitions=3",
      "share.coordinator.state.topic.num.partitions=3",
      "share.coordinator.state.topic.replication.factor=1",
      "share.coordinator.state.topic.min.isr=1",
      "transaction.abort.timed.out.transaction.cleanup.interval.ms=500",
      "group.min.session.timeout.ms=1000",
      "group.consumer.session.timeout.ms=5000",
      "group.consumer.min.session.timeout.ms=1000",
      "group.consumer.heartbeat.interval.ms=500",
      "group.consumer.min.heartbeat.interval.ms=500",
      "group.share.session.timeout.ms=5000",
      "group.share.min.session.timeout.ms=1000",
      "group.share.heartbeat.interval.ms=500",
      "group.share.min.heartbeat.interval.ms=500",
      "group.share.record.lock.duration.ms=3000",
      "group.share.min.record.lock.duration.ms=1000",
      "group.share.delivery.count.limit=10",
    ],
  });
}

type Copies = Parameters<LogJudge["judgeReaders"]>[1];

/** All judges together, and what they wait for. */
class Court {
  readonly findings = new Findings();
  readonly handling = new HandlingJudge(this.findings);
  readonly log = new LogJudge(this.findings);
  readonly #progress = new ProgressJudge(this.findings);
  readonly #errors = new Map<string, number>();
  readonly #memory: MemorySample[] = [];
  readonly #onMemory: ChaosRunOptions["onMemory"];
  #copiedCount = 0;

  constructor(options: ChaosRunOptions) {
    this.#onMemory = options.onMemory;
  }

  see(event: ChaosEvent): void {
    this.handling.see(event);
    this.log.see(event);
    this.#progress.see(event);
    switch (event.kind) {
      case "threw":
        return this.#threw(event);
      case "copied":
        this.#copiedCount += event.count;
        return;
      case "held":
        return this.findings.add("held", `by ${event.resources.join(", ")}`);
      case "memory":
        this.#memory.push(event);
        return this.#onMemory?.(event);
      default:
    }
  }

  hasHandled(ends: readonly number[]): boolean {
    return ["readers-classic", "readers-consumer"].every((group) =>
      ends.every((end, partition) => this.handling.endOf(group, partition) >= end),
    );
  }

  /** Waits until each member has got something done since now; gives how long it took. */
  async recovered(): Promise<number> {
    const startMs = performance.timeOrigin + performance.now();
    const waiting = (): readonly string[] => this.#progress.waitingSince(startMs);
    const hasAll = await until(() => waiting().length === 0, recoveryMsMax);
    if (!hasAll) for (const member of waiting()) this.findings.add("zombie", member);
    return Math.round(performance.timeOrigin + performance.now() - startMs);
  }

  /** Waits until what must come has come; what has not is told by the judges. */
  async drained(hasCome: () => boolean): Promise<void> {
    await until(hasCome, drainMsMax / 2);
  }

  /** Reads copies until there are as many as there should be, or no more come. */
  async copied(
    orders: readonly (readonly unknown[])[],
    read: () => Promise<Copies>,
  ): Promise<Copies> {
    const wanted = countOf(orders);
    const endMs = performance.now() + drainMsMax / 2;
    for (;;) {
      const copies = await read();
      const hasAll = Object.values(copies).every((one) => countOf(one) >= wanted);
      if (hasAll || performance.now() > endMs) return copies;
      await sleep(200);
    }
  }

  report(): Pick<ChaosReport, "findings" | "counts" | "errors" | "memory"> {
    const growth = memoryGrowth(this.#memory);
    if (growth !== undefined) this.findings.add("memory-grows", growth);
    const counts = {
      stored: this.log.storedCount,
      handled: this.handling.finishedCount,
      copied: this.#copiedCount,
      shared: this.log.sharedCount,
    };
    return { findings: this.findings, counts, errors: this.#errors, memory: this.#memory };
  }

  #threw(event: ChaosEvent & { readonly kind: "threw" }): void {
    const { member, what, error } = event;
    const key = `${what} ${error.slice(0, error.indexOf(":"))}`;
    this.#errors.set(key, (this.#errors.get(key) ?? 0) + 1);
    if (what === "loop") this.findings.add("ended-loop", `${member}: ${error}`);
  }
}

/** How many there are; a list of values may have holes. */
function countOf(lists: readonly (readonly unknown[])[]): number {
  return lists.reduce((sum, list) => sum + list.reduce<number>((count) => count + 1, 0), 0);
}

async function until(holds: () => boolean, timeoutMs: number): Promise<boolean> {
  const endMs = performance.now() + timeoutMs;
  while (!holds()) {
    if (performance.now() > endMs) return false;
    await sleep(50);
  }
  return true;
}
