import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";

import { Client, type ClientOptions, KafkaError } from "@millrace/client";

import { report } from "./reporter.ts";

const offsetsEveryMs = 300;

/** Tells again and again what groups have committed. */
export async function watchOffsets(
  clientOptions: ClientOptions,
  groups: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  await using client = new Client({ ...clientOptions, clientId: "watcher" });
  await using admin = client.admin();
  const asked = new Map(groups.map((group) => [group, "all" as const]));
  while (!signal.aborted) {
    const outcomes = await admin
      .listConsumerGroupOffsets(asked, { timeoutMs: 5_000 })
      // The broker is away, perhaps for longer than that.
      .catch(() => new Map<string, KafkaError>());
    for (const [group, offsets] of outcomes) {
      if (offsets instanceof KafkaError) continue;
      for (const [place, committed] of offsets) {
        if (committed === undefined || committed instanceof KafkaError) continue;
        const partition = Number(place.slice(place.lastIndexOf("-") + 1));
        report({ kind: "committed", group, partition, offset: Number(committed.offset) });
      }
    }
    await sleep(offsetsEveryMs);
  }
}

/** Tells this process's memory after a collection, where it may ask for one. */
export function tellMemory(): void {
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  report({ kind: "memory", rssBytes: rss, heapBytes: heapUsed + external });
}
