import { setTimeout as sleep } from "node:timers/promises";

import type { Client, Consumer, ConsumerOptions } from "@millrace/client";

/** A member of a group that reads all the time, and what it has seen. */
export interface Member extends AsyncDisposable {
  readonly consumer: Consumer;
  /** "partition:value" of each record, in order. */
  readonly seen: readonly string[];
  /** "assigned 0,1", "revoked …", "lost …". */
  readonly events: readonly string[];
  /** The partitions it reads now, in order. */
  partitions(): readonly number[];
  /** Ends reading and leaves. */
  close(): Promise<void>;
}

/** Joins a group and reads a topic in the background. */
export async function join(
  client: Client,
  topic: string,
  options: ConsumerOptions,
): Promise<Member> {
  const consumer = client.consumer({
    offsetReset: "earliest",
    ...(options.groupProtocol === "consumer" ? {} : { heartbeatIntervalMs: 300 }),
    ...options,
  });
  const seen: string[] = [];
  const events: string[] = [];
  for (const event of ["assigned", "revoked", "lost"] as const) {
    consumer.on(event, (partitions) => {
      const numbers = partitions.map(({ partition }) => partition).sort((a, b) => a - b);
      events.push(`${event} ${numbers.join()}`);
    });
  }
  await consumer.subscribe(topic);
  const reading = read(consumer, seen);
  const close = async (): Promise<void> => {
    await consumer.close();
    await reading;
  };
  return {
    consumer,
    seen,
    events,
    partitions: () => {
      return consumer
        .assignment()
        .map(({ partition }) => partition)
        .sort((a, b) => a - b);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function read(consumer: Consumer, seen: string[]): Promise<void> {
  for await (const record of consumer) seen.push(`${record.partition}:${String(record.value)}`);
}

/** Waits until something holds; fails with what it looked like. */
export async function until(
  holds: () => boolean,
  describe: () => unknown,
  timeoutMs = 30_000,
): Promise<void> {
  const endMs = Date.now() + timeoutMs;
  while (!holds()) {
    if (Date.now() > endMs) throw new Error(`waited in vain: ${JSON.stringify(describe())}`);
    await sleep(20);
  }
}

/** Waits until members share partitions 0 to `count` among them, each with at least one. */
export async function untilShared(members: readonly Member[], count: number): Promise<void> {
  const all = (): readonly (readonly number[])[] => members.map((member) => member.partitions());
  const areShared = (): boolean => {
    const owned = all();
    const flat = owned.flat().sort((a, b) => a - b);
    const expected = Array.from({ length: count }, (_, index) => index);
    return owned.every((one) => one.length > 0) && flat.join() === expected.join();
  };
  await until(areShared, () => ({ owned: all(), health: members.map((m) => m.consumer.health()) }));
}
