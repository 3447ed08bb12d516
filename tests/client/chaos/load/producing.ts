import { setTimeout as sleep } from "node:timers/promises";

import { type Client, type Producer, string } from "@millrace/client";

import { keyOf, topics } from "../events.ts";
import { report, wordsOf } from "./reporter.ts";

const { orders: topic } = topics;

/** A producer's records that have no answer, at most. */
const openMax = 500;
const tickMs = 20;
const flushEveryMs = 300;
const briefLifeMs = 1_000;

type TextProducer = Producer<string | null, string | null>;

/** How a producer works. */
export interface Producing {
  readonly client: Client;
  readonly name: string;
  /** Records a second. */
  readonly rate: number;
  readonly signal: AbortSignal;
}

/** Sends with a promise for each record, until the signal ends; waits for every answer. */
export async function sendRecords({ client, name, rate, signal }: Producing): Promise<void> {
  const producer = client.producer({ key: string, value: string });
  let sequence = 0;
  let openCount = 0;
  while (!signal.aborted) {
    for (let count = 0; count < perTick(rate) && openCount < openMax; count += 1) {
      const value = `${name}:${sequence}`;
      sequence += 1;
      openCount += 1;
      void sendOne(producer, name, value).finally(() => (openCount -= 1));
    }
    await sleep(tickMs);
  }
  await producer.close();
  // Its promises have ended; what they report follows in this turn.
  while (openCount > 0) await sleep(1);
}

async function sendOne(producer: TextProducer, name: string, value: string): Promise<void> {
  try {
    const { partition, offset } = await producer.send({ topic, key: keyOf(value), value });
    report({ kind: "stored", value, partition, offset: Number(offset) });
  } catch (error) {
    report({ kind: "refused", producer: name, error: wordsOf(error) });
  }
}

/** Enqueues without a promise for each record, and flushes again and again. */
export async function enqueueRecords({ client, name, rate, signal }: Producing): Promise<void> {
  const producer = client.producer({ key: string, value: string, compression: "zstd" });
  let sequence = 0;
  while (!signal.aborted) {
    const endMs = performance.now() + flushEveryMs;
    while (performance.now() < endMs && !signal.aborted) {
      for (let count = 0; count < perTick(rate); count += 1) {
        const value = `${name}:${sequence}`;
        sequence += 1;
        const room = producer.enqueue({ topic, key: keyOf(value), value });
        if (room !== undefined) await room;
      }
      await sleep(tickMs);
    }
    await flush(producer, name, sequence - 1);
  }
  await producer.close();
}

async function flush(producer: TextProducer, name: string, lastSequence: number): Promise<void> {
  try {
    await producer.flush();
    report({ kind: "flushed", producer: name, lastSequence });
  } catch (error) {
    report({ kind: "refused", producer: name, error: wordsOf(error) });
  }
}

/** Producers that live for a second each: what one leaves behind would add up. */
export async function produceBriefly({ client, name, rate, signal }: Producing): Promise<void> {
  for (let life = 0; !signal.aborted; life += 1) {
    const one = `${name}${life}`;
    const producer = client.producer({ key: string, value: string });
    const sends: Promise<void>[] = [];
    for (let sequence = 0; sequence < rate / 4; sequence += 1) {
      sends.push(sendOne(producer, one, `${one}:${sequence}`));
    }
    await producer.close();
    await Promise.all(sends);
    await sleep(briefLifeMs, undefined, { signal }).catch(() => undefined);
  }
}

function perTick(rate: number): number {
  const exact = (rate * tickMs) / 1_000;
  // A part of a record is one now and then.
  return Math.floor(exact) + (Math.random() < exact % 1 ? 1 : 0);
}
