import { Command } from "@commander-js/extra-typings";
import type { Cli } from "../../tree/cli.ts";
import { clusterFacts } from "./cluster-facts.ts";

/** `millrace cluster status`. */
export function clusterStatus(cli: Cli) {
  return new Command("status")
    .summary("one look at the whole cluster")
    .action(() =>
      cli.withAdmin(async (admin) => {
        const facts = await clusterFacts(admin);
        await cli.showFields(facts, [
          ["Cluster", facts.clusterId],
          ["Controller", String(facts.controllerId)],
          ["Brokers", withFenced(facts.brokerCount, facts.fencedBrokers)],
          ["Topics", String(facts.topicCount)],
          ["Partitions", String(facts.partitionCount)],
          ["Offline", String(facts.offlinePartitions.length)],
          ["Under-replicated", String(facts.underReplicatedPartitions.length)],
          ["Metadata version", String(facts.metadataVersion ?? "-")],
        ]);
      }),
    )
    .addHelpText("after", "\nExamples:\n  millrace cluster status -c production");
}

function withFenced(count: number, fenced: readonly number[]): string {
  return fenced.length === 0 ? String(count) : `${count}, and fenced: ${fenced.join(", ")}`;
}
