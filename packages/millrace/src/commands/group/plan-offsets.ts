import type { Admin } from "@millrace/client";
import { adminOffsets } from "../../cluster/admin-offsets.ts";
import { partitionOf } from "../../cluster/group-lags.ts";
import { onlyValue } from "../../cluster/settled.ts";
import { parseOffsetPoint } from "../../offsets/offset-range.ts";
import { type PartitionName, resolveRange } from "../../offsets/resolve-range.ts";
import { UsageError } from "../../usage-error.ts";
import { topicChoice } from "./topic-choice.ts";

/** Where a group is in a partition, and where it shall be. */
export interface PlannedOffset extends PartitionName {
  /** Undefined where nothing was committed. */
  readonly from: bigint | undefined;
  readonly to: bigint;
}

/** Where a group shall be: one of three ways, in these topics. */
export interface ResetTarget {
  /** In the grammar of offsets. */
  readonly to: string | undefined;
  readonly fromGroup: string | undefined;
  readonly shiftBy: number | undefined;
  /** `orders`, `orders:0,3`; undefined for what was committed. */
  readonly topics: readonly string[] | undefined;
  readonly nowMs: number;
}

type Committed = ReadonlyMap<string, bigint>;

/**
 * Finds where a group would be, without changing anything.
 * @throws UsageError when there is no partition to reset, KafkaError when something cannot be asked
 */
export async function planOffsets(
  admin: Admin,
  group: string,
  target: ResetTarget,
): Promise<readonly PlannedOffset[]> {
  const point = target.to === undefined ? undefined : parseOffsetPoint(target.to, target.nowMs);
  const own = await committedOf(admin, group);
  const other =
    target.fromGroup === undefined ? undefined : await committedOf(admin, target.fromGroup);
  const partitions = await partitionsOf(admin, other ?? own, target.topics);
  if (partitions.length === 0) throw nothingToReset(group, target);
  const source = adminOffsets(admin);
  const at = point ?? ({ kind: "start" } as const);
  const spans = await resolveRange({ from: at, to: undefined }, partitions, source);
  const ends = await source.endOffsets(partitions);
  return spans.flatMap(({ topic, partition, from: found }, index) => {
    const key = `${topic}-${partition}`;
    const from = own.get(key);
    const moved = movedTo({ from, found, other: other?.get(key), target });
    if (moved === undefined) return [];
    // `found` is the start where no point was given: offsets stay within the partition.
    const lowest = point === undefined ? found : 0;
    const to = Math.min(Math.max(moved, lowest), ends[index] ?? moved);
    return [{ topic, partition, from, to: BigInt(to) }];
  });
}

function movedTo(given: {
  readonly from: bigint | undefined;
  readonly found: number;
  readonly other: bigint | undefined;
  readonly target: ResetTarget;
}): number | undefined {
  const { from, found, other, target } = given;
  if (target.to !== undefined) return found;
  if (target.fromGroup !== undefined) return other === undefined ? undefined : Number(other);
  return from === undefined ? undefined : Number(from) + (target.shiftBy ?? 0);
}

async function committedOf(admin: Admin, group: string): Promise<Committed> {
  const offsets = onlyValue(await admin.listConsumerGroupOffsets(new Map([[group, "all"]])));
  const committed = new Map<string, bigint>();
  for (const [key, value] of offsets ?? []) {
    if (value instanceof Error) throw value;
    if (value !== undefined) committed.set(key, value.offset);
  }
  return committed;
}

async function partitionsOf(
  admin: Admin,
  committed: Committed,
  topics: readonly string[] | undefined,
): Promise<readonly PartitionName[]> {
  if (topics === undefined) {
    const all = [...committed.keys()].map(partitionOf);
    return all.toSorted((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition);
  }
  const choices = topics.map(topicChoice);
  const described = await admin.describeTopics(choices.map(({ topic }) => topic));
  return choices.flatMap(({ topic, partitions }) => {
    const description = described.get(topic);
    if (description instanceof Error) throw description;
    const all = description?.partitions.map(({ partition }) => ({ topic, partition })) ?? [];
    return all.filter(({ partition }) => partitions?.includes(partition) !== false);
  });
}

function nothingToReset(group: string, { fromGroup, topics }: ResetTarget): UsageError {
  const who = fromGroup ?? group;
  const hint = topics === undefined ? "; --topic names topics to begin with" : "";
  return new UsageError(`group reset: ${who} has committed nothing there${hint}`);
}
