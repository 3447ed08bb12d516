import type { Admin, TopicPartitionKey } from "@millrace/client";
import type { Column } from "../output/column.ts";
import type { Cli } from "../tree/cli.ts";
import { settled } from "./settled.ts";

/** How far a group is in a partition. */
export interface LagRow {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** Undefined where nothing was committed. */
  readonly committedOffset: bigint | undefined;
  readonly endOffset: bigint | undefined;
  readonly lag: bigint | undefined;
  /** The member that has the partition. */
  readonly member: string | undefined;
  readonly host: string | undefined;
}

/** How lags are shown. */
export const lagColumns: readonly Column<LagRow>[] = [
  { heading: "GROUP", value: ({ group }) => group },
  { heading: "TOPIC", value: ({ topic }) => topic },
  { heading: "PARTITION", value: ({ partition }) => partition, isNumber: true },
  { heading: "COMMITTED", value: ({ committedOffset }) => committedOffset, isNumber: true },
  { heading: "END", value: ({ endOffset }) => endOffset, isNumber: true },
  { heading: "LAG", value: ({ lag }) => lag, isNumber: true },
  { heading: "MEMBER", value: ({ member }) => member, isWide: true },
  { heading: "HOST", value: ({ host }) => host, isWide: true },
];

type Owner = { readonly member: string; readonly host: string };

/**
 * Where groups of consumers are in each partition that they have committed or that a member has;
 * refusals are told.
 */
export async function groupLags(
  cli: Cli,
  admin: Admin,
  groupIds: readonly string[],
): Promise<readonly LagRow[]> {
  if (groupIds.length === 0) return [];
  const [offsets, descriptions] = await Promise.all([
    admin.listConsumerGroupOffsets(new Map(groupIds.map((id) => [id, "all"]))),
    admin.describeConsumerGroups(groupIds),
  ]);
  const known = new Map(settled(cli, offsets));
  const rows: Omit<LagRow, "endOffset" | "lag">[] = [];
  for (const [group, { members }] of settled(cli, descriptions, (id) => `group ${id}`)) {
    const owners = new Map<TopicPartitionKey, Owner>();
    for (const { memberId, host, assignment } of members) {
      for (const { topic, partitions } of assignment) {
        for (const one of partitions) owners.set(`${topic}-${one}`, { member: memberId, host });
      }
    }
    const committed = known.get(group);
    for (const key of new Set([...(committed?.keys() ?? []), ...owners.keys()])) {
      const owner = owners.get(key);
      const offset = committed?.get(key);
      if (offset instanceof Error) {
        cli.failed(`group ${group}, ${key}`, offset);
        continue;
      }
      const { topic, partition } = partitionOf(key);
      rows.push({
        group,
        topic,
        partition,
        committedOffset: offset?.offset,
        member: owner?.member,
        host: owner?.host,
      });
    }
  }
  return withEnds(admin, rows);
}

async function withEnds(
  admin: Admin,
  rows: readonly Omit<LagRow, "endOffset" | "lag">[],
): Promise<readonly LagRow[]> {
  const asked = new Map(
    rows.map(({ topic, partition }) => [`${topic}-${partition}`, { topic, partition }]),
  );
  const questions = [...asked.values()].map((one) => ({ ...one, spec: "latest" }) as const);
  const ends = await admin.listOffsets(questions);
  return rows
    .map((row) => {
      // A topic that was deleted has no end; what was committed for it is shown without a lag.
      const end = ends.get(`${row.topic}-${row.partition}`);
      const endOffset = end === undefined || end instanceof Error ? undefined : end.offset;
      const isKnown = endOffset !== undefined && row.committedOffset !== undefined;
      const lag = isKnown ? endOffset - (row.committedOffset ?? 0n) : undefined;
      return { ...row, endOffset, lag };
    })
    .toSorted(
      (left, right) =>
        left.group.localeCompare(right.group) ||
        left.topic.localeCompare(right.topic) ||
        left.partition - right.partition,
    );
}

/** The partition of a key of an admin's answer: `orders-0`. */
export function partitionOf(key: string): { readonly topic: string; readonly partition: number } {
  const dash = key.lastIndexOf("-");
  return { topic: key.slice(0, dash), partition: Number(key.slice(dash + 1)) };
}
