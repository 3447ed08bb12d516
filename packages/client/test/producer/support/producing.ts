import type { Cluster } from "../../../src/cluster.ts";
import type { ClientOptions } from "../../../src/options/client-options.ts";
import { Producer } from "../../../src/producer/producer.ts";
import type { ProducerOptions } from "../../../src/producer/producer-options.ts";
import { ScriptedCluster, type ScriptedClusterOptions } from "../../support/scripted-cluster.ts";
import { ScriptedLogs } from "./scripted-logs.ts";

/** A value that the serializer of these tests does not write. */
export const BAD_VALUE = "a bad value";

const utf8 = {
  serialize: (text: string | null): Buffer | null => {
    if (text === BAD_VALUE) throw new RangeError("it is bad");
    return text === null ? null : Buffer.from(text);
  },
};

/** A producer of texts on a scripted cluster that has the topic `orders`. */
export interface Producing {
  readonly scripted: ScriptedCluster;
  readonly logs: ScriptedLogs;
  readonly cluster: Cluster;
  readonly producer: Producer<string | null, string | null>;
  /** Moves time until the promise is settled. */
  readonly settle: <T>(promise: Promise<T>) => Promise<T>;
}

/** Makes a cluster, and a producer that has not sent anything. */
export async function producing(
  options: ProducerOptions<string | null, string | null> = {},
  world: ScriptedClusterOptions & {
    readonly partitions?: number;
    readonly client?: Partial<ClientOptions>;
  } = {},
): Promise<Producing> {
  const scripted = await new ScriptedCluster(world).start();
  scripted.addTopic("orders", world.partitions ?? 1);
  const logs = new ScriptedLogs(scripted);
  const cluster = scripted.connect(world.client ?? {});
  const producer = new Producer(cluster, { key: utf8, value: utf8, ...options });
  const settle = <T>(promise: Promise<T>): Promise<T> => scripted.settle(promise);
  return { scripted, logs, cluster, producer, settle };
}

/** The error that a promise is rejected with. */
export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("the promise was not rejected");
}

/** Texts "v0", "v1" … */
export function texts(count: number, prefix = "v"): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}
