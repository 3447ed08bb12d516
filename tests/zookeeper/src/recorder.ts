import { setTimeout as sleep } from "node:timers/promises";
import { nodePlatform } from "@millrace/platform/node";
import { type SessionEvent, ZooKeeperClient, type ZooKeeperOptions } from "@millrace/zookeeper";

const platform = nodePlatform({ logLevel: "off", hasProcessMetrics: false });

/** A client with what it told. */
export interface Recorder extends AsyncDisposable {
  readonly client: ZooKeeperClient;
  readonly events: SessionEvent[];
}

/** Makes a client that is not connected yet. */
export function recorder(
  connect: string,
  options: Partial<Omit<ZooKeeperOptions, "platform">> = {},
): Recorder {
  const client = new ZooKeeperClient({ platform, connect, sessionTimeoutMs: 3000, ...options });
  const events: SessionEvent[] = [];
  client.onSession((event) => events.push(event));
  return { client, events, [Symbol.asyncDispose]: () => client.close() };
}

/** Waits until something is so. @throws Error after the time. */
export async function until(what: string, isSo: () => boolean, timeoutMs = 15_000): Promise<void> {
  for (let waitedMs = 0; !isSo(); waitedMs += 10) {
    if (waitedMs > timeoutMs) throw new Error(`after ${timeoutMs} ms still not: ${what}`);
    await sleep(10);
  }
}
