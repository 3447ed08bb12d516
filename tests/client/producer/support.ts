import { setTimeout as pause } from "node:timers/promises";

import { output, SaslConnection } from "@millrace/conformance/harness";
import { Client, type ClientOptions } from "@millrace/client";
import type { Connection, Network } from "@millrace/platform";
import { nodePlatform } from "@millrace/platform/node";
import { CreateTopics, OffsetFetch } from "@millrace/protocol";

import { type ClientBroker, uniqueName } from "../src/index.ts";

/** Writes texts. */
export const utf8 = { serialize: (text: string): Buffer => Buffer.from(text) };

/** Makes a topic with a name of its own. */
export async function makeTopic(
  broker: ClientBroker,
  options: { readonly partitions?: number; readonly configs?: Record<string, string> } = {},
): Promise<string> {
  const name = uniqueName("produced");
  using connection = await connectionTo(broker);
  const configs = Object.entries(options.configs ?? {}).map(([key, value]) => ({
    name: key,
    value,
  }));
  const topic = {
    name,
    numPartitions: options.partitions ?? 1,
    replicationFactor: 1,
    assignments: [],
    configs,
  };
  const { topics } = await connection.ask(CreateTopics, 7, { topics: [topic], timeoutMs: 10_000 });
  if (topics[0]?.errorCode !== 0) throw new Error(`${name}: ${topics[0]?.errorMessage}`);
  return name;
}

/** The offset that a group has committed in partition 0; -1 for none. */
export async function committedOffset(
  broker: ClientBroker,
  groupId: string,
  topic: string,
): Promise<number> {
  using connection = await connectionTo(broker);
  const groups = [{ groupId, topics: [{ name: topic, partitionIndexes: [0] }] }];
  for (let look = 0; look < 50; look += 1) {
    const answer = await connection.ask(OffsetFetch, 8, { groups, requireStable: true });
    const partition = answer.groups[0]?.topics[0]?.partitions[0];
    // The markers of a commit that was answered may still be under way: UNSTABLE_OFFSET_COMMIT.
    if (partition?.errorCode === 0) return partition.committedOffset;
    await pause(50);
  }
  throw new Error(`the offsets of ${groupId} are not stable`);
}

/** Records of a partition as kcat, a client of librdkafka, reads them, in its format. */
export async function kcatRead(
  broker: ClientBroker,
  topic: string,
  options: {
    readonly partition?: number;
    readonly format?: string;
    readonly isolation?: "read_committed" | "read_uncommitted";
  } = {},
): Promise<readonly string[]> {
  const { partition = 0, format = "%s\\n", isolation = "read_committed" } = options;
  const words = ["kcat", "-b", broker.bootstrap, "-C", "-t", topic, "-p", String(partition)];
  const rest = ["-o", "beginning", "-e", "-q", "-f", format, "-X", `isolation.level=${isolation}`];
  const text = (await output([...words, ...rest])).toString("utf8");
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

/** A client whose connections a test can cut. */
export function cuttableClient(options: ClientOptions): {
  readonly client: Client;
  /** Ends every connection now. @returns how many there were */
  readonly cut: () => number;
} {
  const platform = nodePlatform({ logLevel: "error", hasProcessMetrics: false });
  const open = new Set<Connection>();
  const network: Network = {
    listen: (listen, onConnection) => platform.network.listen(listen, onConnection),
    checkTls: (tls) => platform.network.checkTls(tls),
    connect: async (connect) => {
      const connection = await platform.network.connect(connect);
      open.add(connection);
      return connection;
    },
  };
  const cut = (): number => {
    const count = open.size;
    for (const connection of open) connection.destroy();
    open.clear();
    return count;
  };
  return { client: new Client(options, { ...platform, network }), cut };
}

function connectionTo(broker: ClientBroker): Promise<SaslConnection> {
  return SaslConnection.open(Number(broker.bootstrap.split(":")[1]));
}
