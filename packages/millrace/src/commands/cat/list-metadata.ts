import type { ClusterDescription, TopicDescription } from "@millrace/client";
import { settled } from "../../cluster/settled.ts";
import type { Cli } from "../../tree/cli.ts";
import type { CatValues } from "./cat-values.ts";

/** kcat's `-L`: brokers, topics and partitions. */
export function listMetadata(cli: Cli, values: CatValues): Promise<void> {
  const topic = values.t?.[0];
  return cli.withAdmin(async (admin) => {
    const [cluster, listed] = await Promise.all([
      admin.describeCluster(),
      topic === undefined ? admin.listTopics({ listInternal: true }) : undefined,
    ]);
    const names = topic === undefined ? [...(listed?.keys() ?? [])] : [topic];
    const topics = settled(cli, await admin.describeTopics(names)).map(([, one]) => one);
    if (values.J === true) cli.context.print(jsonOf(cluster, topics, topic));
    else cli.context.print(textOf(cluster, topics, topic));
  });
}

function textOf(
  cluster: ClusterDescription,
  topics: readonly TopicDescription[],
  topic: string | undefined,
): string {
  const { brokers, controllerId } = cluster;
  const from = brokers[0];
  const source =
    from === undefined ? "" : ` (from broker ${from.id}: ${from.host}:${from.port}/${from.id})`;
  const lines = [`Metadata for ${topic ?? "all topics"}${source}:`, ` ${brokers.length} brokers:`];
  for (const { id, host, port } of brokers) {
    lines.push(`  broker ${id} at ${host}:${port}${id === controllerId ? " (controller)" : ""}`);
  }
  lines.push(` ${topics.length} topics:`);
  for (const { name, partitions } of topics) {
    lines.push(`  topic "${name}" with ${partitions.length} partitions:`);
    for (const { partition, leader, replicas, inSyncReplicas } of partitions) {
      const [all, inSync] = [replicas.join(","), inSyncReplicas.join(",")];
      lines.push(`    partition ${partition}, leader ${leader}, replicas: ${all}, isrs: ${inSync}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

function jsonOf(
  cluster: ClusterDescription,
  topics: readonly TopicDescription[],
  topic: string | undefined,
): string {
  const { brokers, controllerId } = cluster;
  const from = brokers[0];
  return JSON.stringify({
    originating_broker: { id: from?.id ?? -1, name: `${from?.host}:${from?.port}/${from?.id}` },
    query: { topic: topic ?? "*" },
    controllerid: controllerId,
    brokers: brokers.map(({ id, host, port }) => ({ id, name: `${host}:${port}` })),
    topics: topics.map(({ name, partitions }) => ({
      topic: name,
      partitions: partitions.map(({ partition, leader, replicas, inSyncReplicas }) => ({
        partition,
        leader,
        replicas: replicas.map((id) => ({ id })),
        isrs: inSyncReplicas.map((id) => ({ id })),
      })),
    })),
  });
}
