import { setTimeout as sleep } from "node:timers/promises";

import {
  Client,
  type ClientOptions,
  type Consumer,
  type ConsumerOptions,
  type GroupProtocol,
  string,
  type TopicPartition,
} from "@millrace/client";

import { topics } from "../events.ts";
import { report, wordsOf } from "./reporter.ts";

const handlerMsMax = 12;
const healthEveryMs = 250;
const guestStaysMs = 2_500;

/** A consumer of texts. */
export type TextConsumer = Consumer<string | null, string | null>;

/** Who reads. */
export interface Reading {
  readonly clientOptions: ClientOptions;
  readonly member: string;
  readonly protocol: Exclude<GroupProtocol, "auto">;
  readonly random: () => number;
  /** Ends it: the consumer is closed. */
  readonly signal: AbortSignal;
}

/** Time-outs of a member that shall notice things within a run. */
export function memberOptions(protocol: Reading["protocol"]): ConsumerOptions {
  const common = { groupProtocol: protocol, offsetReset: "earliest", fetchMaxWaitMs: 250 } as const;
  if (protocol === "consumer") return common;
  return {
    ...common,
    sessionTimeoutMs: 6_000,
    heartbeatIntervalMs: 500,
    partitionAssignors: ["cooperative-sticky"],
  };
}

/** Handles records in the order of their keys, several at a time; begins anew when it throws. */
export async function readRecords(reading: Reading): Promise<void> {
  const { clientOptions, member, protocol, signal } = reading;
  await using client = new Client({ ...clientOptions, clientId: member });
  report({ kind: "joined", member });
  while (!signal.aborted) {
    const consumer = client.consumer({
      ...memberOptions(protocol),
      groupId: member.slice(0, member.indexOf("/")),
      key: string,
      value: string,
      autoCommit: { intervalMs: 400 },
      maxPollIntervalMs: 10_000,
    });
    hear(consumer, member);
    const stopWatching = watchHealth(consumer, member);
    const close = (): void => void consumer.close();
    signal.addEventListener("abort", close, { once: true });
    try {
      await consumer.subscribe(topics.orders);
      await consumer.run((record) => handle(record, reading), { concurrency: 8, orderBy: "key" });
    } catch (error) {
      report({ kind: "threw", member, what: "loop", error: wordsOf(error) });
    }
    signal.removeEventListener("abort", close);
    await consumer.close();
    stopWatching();
  }
  report({ kind: "left", member });
}

async function handle(
  record: { readonly value: string | null; readonly partition: number; readonly offset: bigint },
  { member, random }: Reading,
): Promise<void> {
  const { partition } = record;
  const fact = { member, value: String(record.value), partition, offset: Number(record.offset) };
  report({ kind: "begun", ...fact });
  await sleep(random() * handlerMsMax);
  report({ kind: "finished", ...fact });
}

/** A member that comes and goes, so that the group rebalances. */
export async function visit(reading: Reading): Promise<void> {
  const { signal, random, member } = reading;
  for (let visitNumber = 0; !signal.aborted; visitNumber += 1) {
    await sleep(1_000 + random() * 2_000, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const stay = AbortSignal.any([signal, AbortSignal.timeout(guestStaysMs)]);
    await readRecords({ ...reading, member: `${member}${visitNumber}`, signal: stay });
  }
}

/** Tells which partitions come and go. */
export function hear(consumer: TextConsumer, member: string): void {
  for (const kind of ["assigned", "revoked", "lost"] as const) {
    consumer.on(kind, (partitions: readonly TopicPartition[]) => {
      report({ kind, member, partitions: partitions.map(({ partition }) => partition) });
    });
  }
}

/** Tells again and again how a consumer says that it is; gives how to end that. */
export function watchHealth(consumer: TextConsumer, member: string): () => void {
  const timer = setInterval(() => {
    const { isHealthy, problems, assignment } = consumer.health();
    const partitions = assignment.map(({ partition }) => partition);
    report({ kind: "health", member, isHealthy, problems, partitions });
  }, healthEveryMs);
  return () => clearInterval(timer);
}
