/**
 * Keeps brokers running for tests until its input ends or it is interrupted.
 *   main.ts           both; prints their descriptions on one line, for MILLRACE_CLIENT_BROKERS
 *   main.ts kafka     Apache Kafka alone, which every test on this machine then finds by itself
 */
import { rmSync, writeFileSync } from "node:fs";
import process from "node:process";

import { type BrokerKind, lacking } from "@millrace/conformance/harness";

import { type KeptKafka, keptKafkaPath } from "./shared-brokers.ts";
import { type StartedBroker, startClientBroker } from "./start-broker.ts";

const isKept = process.argv[2] === "kafka";
const stopped = untilStopped();
const hasJava = (await lacking("java")) === false;
const kinds: readonly BrokerKind[] = isKept ? ["kafka"] : ["millrace"];
const started = await startAll(!isKept && hasJava ? [...kinds, "kafka"] : kinds);
if (isKept) keep(started);
process.stdout.write(`${JSON.stringify(started.map(({ description }) => description))}\n`);
await stopped;
if (isKept) rmSync(keptKafkaPath, { force: true });
await Promise.all(started.map((broker) => broker[Symbol.asyncDispose]()));
process.exit(0);

function startAll(wanted: readonly BrokerKind[]): Promise<readonly StartedBroker[]> {
  return Promise.all(wanted.map((kind) => startClientBroker(kind)));
}

function keep([kafka]: readonly StartedBroker[]): void {
  if (kafka === undefined) return;
  const kept: KeptKafka = { pid: process.pid, broker: kafka.description };
  writeFileSync(keptKafkaPath, JSON.stringify(kept));
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGTERM", () => resolve());
    process.once("SIGINT", () => resolve());
    // Whoever started this has ended, however it did: the pipe to it is closed.
    process.stdin.once("end", () => resolve());
    process.stdin.resume();
  });
}
