import { createReadStream } from "node:fs";
import type { Client } from "@millrace/client";
import type { Platform } from "@millrace/platform";
import { readRecords } from "../../records/read-records.ts";
import { brokerEnvironment } from "../../broker-environment.ts";
import type { Cli } from "../../tree/cli.ts";
import { UsageError } from "../../usage-error.ts";
import type { DevValues } from "./dev-values.ts";
import { devGreeting } from "./greeting.ts";
import type { TopicToMake } from "./topic-list.ts";

/** Where files in memory seem to lie. */
const memoryFolder = "/millrace";

/** Runs a broker for development until it is stopped. */
export async function runDev(cli: Cli, values: DevValues): Promise<void> {
  const { serve } = await import("@millrace/broker");
  const platform = await worldOf(cli, values);
  const code = await serve({
    propertiesPath: undefined,
    overrides: {
      listeners: `PLAINTEXT://127.0.0.1:${values.port}`,
      "log.dirs": values.memory === true ? memoryFolder : values.data,
      "group.initial.rebalance.delay.ms": "0",
      ...Object.fromEntries((values.override ?? []).map(parseOverride)),
    },
    environment: brokerEnvironment(cli.context.environment),
    platform,
    onReady: ([bootstrap = ""]) => {
      const readyMs = platform.clock.monotonicMs();
      void welcome(cli, values, bootstrap, readyMs);
    },
  });
  if (code !== 0) cli.exitCode = 1;
}

async function worldOf(cli: Cli, values: DevValues): Promise<Platform> {
  const { nodePlatform } = await import("@millrace/platform/node");
  const { offloadWorkerUrl } = cli.context;
  const world = nodePlatform({
    logLevel: values.logLevel,
    ...(offloadWorkerUrl === undefined ? {} : { offloadWorkerUrl }),
  });
  if (values.memory !== true) return world;
  const { MemoryFileSystem } = await import("@millrace/platform/memory");
  const { InlineOffload } = await import("@millrace/platform");
  const fileSystem = new MemoryFileSystem(world.clock);
  // A worker thread would not see files in memory.
  const offload = new InlineOffload({ fileSystem, clock: world.clock });
  return { ...world, fileSystem, offload };
}

/** Makes the topics and shows what to do; a failure is told, and the broker stays. */
async function welcome(
  cli: Cli,
  values: DevValues,
  bootstrap: string,
  readyMs: number,
): Promise<void> {
  try {
    const { Client: ClientClass } = await import("@millrace/client");
    await using client = new ClientClass({ bootstrap, enableMetricsPush: false });
    await makeTopics(client, values.topics);
    const seededCount = values.seed === undefined ? 0 : await seed(client, values.seed);
    cli.context.print(devGreeting({ bootstrap, values, seededCount, readyMs }));
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    cli.context.printError(`millrace dev: ${said}\n`);
  }
}

async function makeTopics(client: Client, topics: readonly TopicToMake[]): Promise<void> {
  await using admin = client.admin();
  const made = await admin.createTopics(topics);
  for (const [, result] of made) {
    // At the second start it is there already, with its records.
    if (result instanceof Error && result.code !== "TOPIC_ALREADY_EXISTS") throw result;
  }
}

async function seed(client: Client, path: string): Promise<number> {
  await using producer = client.producer();
  let recordCount = 0;
  for await (const record of readRecords(createReadStream(path), { kind: "json" })) {
    const { topic, partition, timestamp, key, value } = record;
    if (topic === undefined) {
      throw new UsageError(`${path}: each record names its topic: {"topic":"orders","value":"x"}`);
    }
    const headers = record.headers.map(([name, one]) => ({ key: name, value: one }));
    const wait = producer.enqueue({ topic, partition, timestamp, key, value, headers });
    if (wait !== undefined) await wait;
    recordCount += 1;
  }
  await producer.flush();
  return recordCount;
}

function parseOverride(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at > 0) return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  throw new UsageError(`millrace dev: --override takes key=value, not "${text}"`);
}
