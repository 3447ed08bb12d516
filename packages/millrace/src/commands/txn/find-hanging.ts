import type { Admin, HangingTransaction } from "@millrace/client";
import { partitionOf } from "../../cluster/group-lags.ts";
import { settled } from "../../cluster/settled.ts";
import type { Cli } from "../../tree/cli.ts";

/** A transaction that is open in a partition and nowhere else. */
export interface HangingRow extends HangingTransaction {
  readonly startOffset: bigint;
  /** Of its producer's last record. */
  readonly lastTimestamp: number;
}

/**
 * Finds transactions that are open in a partition while no coordinator knows that the partition is
 * in one.
 */
export async function findHanging(
  cli: Cli,
  admin: Admin,
  wanted: { readonly topics: readonly string[]; readonly beforeMs: number },
): Promise<readonly HangingRow[]> {
  const open = (await openTransactions(cli, admin, wanted.topics)).filter(
    ({ lastTimestamp }) => lastTimestamp < wanted.beforeMs,
  );
  if (open.length === 0) return [];
  const producerIds = [...new Set(open.map(({ producerId }) => producerId))];
  const listed = settled(cli, await admin.listTransactions({ producerIds }), brokerName);
  const ids = listed.flatMap(([, some]) => some.map(({ transactionalId }) => transactionalId));
  const known = new Set<string>();
  for (const [, one] of settled(cli, await admin.describeTransactions(ids))) {
    const { producerId, partitions } = one;
    for (const { topic, partition } of partitions) known.add(`${producerId} ${topic}-${partition}`);
  }
  return open.filter(
    ({ producerId, topic, partition }) => !known.has(`${producerId} ${topic}-${partition}`),
  );
}

function brokerName(id: number): string {
  return `broker ${id}`;
}

async function openTransactions(
  cli: Cli,
  admin: Admin,
  topics: readonly string[],
): Promise<readonly HangingRow[]> {
  const names =
    topics.length > 0 ? topics : [...(await admin.listTopics({ listInternal: true })).keys()];
  const partitions = settled(cli, await admin.describeTopics(names)).flatMap(([topic, found]) =>
    found.partitions.map(({ partition }) => ({ topic, partition })),
  );
  return settled(cli, await admin.describeProducers(partitions)).flatMap(([key, producers]) =>
    producers.flatMap((one) =>
      one.currentTransactionStartOffset === undefined
        ? []
        : [
            {
              ...partitionOf(key),
              producerId: one.producerId,
              producerEpoch: one.producerEpoch,
              coordinatorEpoch: one.coordinatorEpoch ?? 0,
              startOffset: one.currentTransactionStartOffset,
              lastTimestamp: one.lastTimestamp,
            },
          ],
    ),
  );
}
