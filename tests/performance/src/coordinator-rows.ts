import process from "node:process";

import type { BrokerProcess } from "./broker-process.ts";
import { measureClassicGroup } from "./coordinators/classic-group.ts";
import { measureCommits } from "./coordinators/commits.ts";
import { type GroupWork, measureConsumerGroup } from "./coordinators/consumer-group.ts";
import { commitInEveryGroup } from "./coordinators/many-groups.ts";
import { measureShareGroup } from "./coordinators/share-group.ts";
import { measureTransactions } from "./coordinators/transactions.ts";
import type { Row, Sample, Target } from "./rows.ts";

const SECONDS = 10;

/** Runs work of this process against a broker and notes what both used. */
async function measured(
  broker: BrokerProcess,
  work: () => Promise<Readonly<Record<string, number>>>,
): Promise<Sample> {
  const brokerCpu = broker.cpuSeconds();
  const clientCpu = process.cpuUsage();
  const began = performance.now();
  const residentBefore = broker.residentMegabytes().now;
  const metrics = await work();
  const used = process.cpuUsage(clientCpu);
  return {
    metrics: { ...metrics, "resident MB more": broker.residentMegabytes().now - residentBefore },
    brokerCpuSeconds: broker.cpuSeconds() - brokerCpu,
    clientCpuSeconds: (used.user + used.system) / 1_000_000,
    seconds: (performance.now() - began) / 1000,
  };
}

const perSecond = (metric: string): readonly Target[] => [
  { metric, better: "higher", must: 1, aim: 2 },
];

const groupTargets: readonly Target[] = [
  { metric: "join to stable ms", better: "lower", must: 1.2, aim: 1 },
  { metric: "rebalance ms", better: "lower", must: 1.2, aim: 1 },
];

function groupRow(
  row: Pick<Row, "name" | "title">,
  measure: typeof measureConsumerGroup,
  size: Pick<GroupWork, "memberCount" | "partitionCount" | "topicCount" | "heartbeatMs">,
): Row {
  return {
    ...row,
    targets: groupTargets,
    measure: (broker, _client, run) =>
      measured(broker, async () => {
        const { joinToStableMs, rebalanceMs } = await measure({
          bootstrap: broker.bootstrap,
          groupId: `${row.name}-${run}`,
          topic: `${row.name}-${run}`,
          timeoutMs: 300_000,
          ...size,
        });
        return { "join to stable ms": joinToStableMs, "rebalance ms": rebalanceMs };
      }),
  };
}

const commits: Row = {
  name: "offset-commits",
  title: "offset commits of 10 partitions, 16 groups, one in flight each",
  targets: perSecond("commits/s"),
  measure: (broker, _client, run) =>
    measured(broker, async () => {
      const names = { topic: `commits-${run}`, groupPrefix: `commits-${run}` };
      const size = { groupCount: 16, partitionCount: 10, seconds: SECONDS };
      const rate = await measureCommits({ bootstrap: broker.bootstrap, ...names, ...size });
      return { "commits/s": rate };
    }),
};

const manyGroups: Row = {
  name: "groups-10000",
  title: "10,000 groups commit one partition each, all at once",
  targets: [{ metric: "ms", better: "lower", must: 1.2, aim: 0.5 }],
  measure: (broker, _client, run) =>
    measured(broker, async () => {
      const names = { topic: `many-${run}`, groupPrefix: `many-${run}` };
      const ms = await commitInEveryGroup({
        bootstrap: broker.bootstrap,
        ...names,
        groupCount: 10_000,
      });
      return { ms };
    }),
};

const transactions: Row = {
  name: "transactions",
  title: "transactions of 100 records of 100 B, 4 producers",
  targets: perSecond("transactions/s"),
  measure: (broker, _client, run) =>
    measured(broker, async () => {
      const names = { topic: `transactions-${run}`, idPrefix: `transactions-${run}` };
      const size = { producerCount: 4, recordsEach: 100, seconds: SECONDS };
      const rate = await measureTransactions({ bootstrap: broker.bootstrap, ...names, ...size });
      return { "transactions/s": rate };
    }),
};

const shareGroup: Row = {
  name: "share-group",
  title: "a share group of 4 members, 4 partitions, 100 B records, accepted by batch",
  targets: perSecond("records/s"),
  measure: (broker, _client, run) =>
    measured(broker, async () => {
      const names = { topic: `share-${run}`, groupId: `share-${run}` };
      const size = { memberCount: 4, partitionCount: 4, recordCount: 1_000_000 };
      const rate = await measureShareGroup({ bootstrap: broker.bootstrap, ...names, ...size });
      return { "records/s": rate };
    }),
};

/** What coordinators do, by a client of our own. */
export const coordinatorRows: readonly Row[] = [
  commits,
  groupRow({ name: "classic-100", title: "a classic group of 100 members" }, measureClassicGroup, {
    memberCount: 100,
    partitionCount: 1_000,
    heartbeatMs: 500,
  }),
  groupRow(
    { name: "consumer-100", title: "a consumer group (KIP-848) of 100 members" },
    measureConsumerGroup,
    { memberCount: 100, partitionCount: 1_000, heartbeatMs: 500 },
  ),
  transactions,
  shareGroup,
];

/** How large groups may be: run when they are named. */
export const largeGroupRows: readonly Row[] = [
  manyGroups,
  groupRow(
    { name: "classic-2000", title: "a classic group of 2,000 members" },
    measureClassicGroup,
    { memberCount: 2_000, partitionCount: 2_000, heartbeatMs: 2_000 },
  ),
  groupRow(
    { name: "consumer-10000", title: "a consumer group (KIP-848) of 10,000 members" },
    measureConsumerGroup,
    { memberCount: 10_000, partitionCount: 10_000, topicCount: 2, heartbeatMs: 2_000 },
  ),
];
