import { Command } from "@commander-js/extra-typings";
import { exitCodes } from "../../exit-codes.ts";
import type { Column } from "../../output/column.ts";
import type { Cli } from "../../tree/cli.ts";
import { clusterFacts, type ClusterFacts } from "./cluster-facts.ts";

/** One thing that should hold. */
export interface HealthCheck {
  readonly check: string;
  readonly isGood: boolean;
  /** What is wrong; empty when it is good. */
  readonly found: string;
}

const columns: readonly Column<HealthCheck>[] = [
  { heading: "CHECK", value: ({ check }) => check },
  { heading: "GOOD", value: ({ isGood }) => (isGood ? "yes" : "NO") },
  { heading: "FOUND", value: ({ found }) => found },
];

/** `millrace cluster health`. */
export function clusterHealth(cli: Cli) {
  return new Command("health")
    .summary("what is wrong with the cluster; ends with 1 when something is")
    .action(() =>
      cli.withAdmin(async (admin) => {
        const checks = healthChecks(await clusterFacts(admin));
        await cli.show(checks, columns);
        if (checks.some(({ isGood }) => !isGood)) cli.exitCode = exitCodes.failed;
      }),
    )
    .addHelpText("after", "\nExamples:\n  millrace cluster health || page-somebody");
}

/** What should hold, and whether it does. */
export function healthChecks(facts: ClusterFacts): readonly HealthCheck[] {
  const { controllerId, fencedBrokers, offlinePartitions, underReplicatedPartitions } = facts;
  return [
    check("there is a controller", controllerId < 0 ? ["none"] : []),
    check("all brokers serve", fencedBrokers.map(String)),
    check("every partition has a leader", offlinePartitions),
    check("all replicas are in sync", underReplicatedPartitions),
    check("all log directories work", facts.logDirFailures),
  ];
}

/** More than these are counted, not named. */
const namedCountMax = 10;

function check(name: string, wrong: readonly string[]): HealthCheck {
  const named = wrong.slice(0, namedCountMax).join(", ");
  const rest = wrong.length - namedCountMax;
  const found = rest > 0 ? `${named} and ${rest} more` : named;
  return { check: name, isGood: wrong.length === 0, found };
}
