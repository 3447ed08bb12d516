import type {
  CommittedOffset,
  ConsumerGroupDescription,
  ConsumerGroupMember,
  TopicPartition,
} from "@millrace/client";
import { columnWidth, paddedRow } from "../columns.ts";
import { outcomeOf } from "../outcome.ts";
import { committedOf } from "./committed.ts";
import type { GroupTask } from "./group-task.ts";

/** A group's offsets, ready to be shown. */
export interface ShownOffsets {
  readonly group: ConsumerGroupDescription;
  readonly rowCount: number;
  readonly text: string;
}

type Committed = ReadonlyMap<string, CommittedOffset>;

interface RowMember {
  readonly memberId: string;
  readonly host: string;
  readonly clientId: string;
}

/** What stands for a value that there is none of. */
const missing = "-";

/** Looks up where a group is, where its partitions end, and who reads them. */
export async function describeOffsets(
  task: GroupTask,
  group: ConsumerGroupDescription,
): Promise<ShownOffsets> {
  const committed = await committedOf(task, group.groupId);
  const members = group.members
    .filter((member) => member.assignment.length > 0)
    .toSorted((a, b) => partitionsOf(b).length - partitionsOf(a).length);
  const assigned = new Set(members.flatMap((member) => partitionsOf(member).map(keyOf)));
  const orphans = [...committed.keys()].filter((key) => !assigned.has(key)).map(placeOfKey);
  const nobody = { memberId: missing, host: missing, clientId: missing };
  const groupsOfRows = [
    ...members.map((member) => [member, partitionsOf(member)] as const),
    [nobody, orphans] as const,
  ];
  const ends = await endsOf(
    task,
    groupsOfRows.flatMap(([, places]) => places),
  );
  const rows = groupsOfRows.flatMap(([member, places]) =>
    places
      .toSorted(byPlace)
      .map((place) => rowOf(group.groupId, place, { member, committed, ends })),
  );
  const text = textOf(rows, task.options.has("verbose"));
  return { group, rowCount: rows.length, text };
}

function partitionsOf(member: ConsumerGroupMember): readonly TopicPartition[] {
  return member.assignment.flatMap(({ topic, partitions }) =>
    partitions.map((partition) => ({ topic, partition })),
  );
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}

function placeOfKey(key: string): TopicPartition {
  const at = key.lastIndexOf("-");
  return { topic: key.slice(0, at), partition: Number(key.slice(at + 1)) };
}

function byPlace(a: TopicPartition, b: TopicPartition): number {
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1;
  return a.partition - b.partition;
}

async function endsOf(
  { admin, timeoutMs }: GroupTask,
  places: readonly TopicPartition[],
): Promise<ReadonlyMap<string, bigint>> {
  if (places.length === 0) return new Map();
  const questions = places.map((place) => ({ ...place, spec: "latest" }) as const);
  const found = await admin.listOffsets(questions, { timeoutMs });
  return new Map([...found.keys()].map((key) => [key, outcomeOf(found, key).offset]));
}

function rowOf(
  groupId: string,
  place: TopicPartition,
  facts: {
    readonly member: RowMember;
    readonly committed: Committed;
    readonly ends: ReadonlyMap<string, bigint>;
  },
): readonly string[] {
  const { member, committed, ends } = facts;
  const found = committed.get(keyOf(place));
  const end = ends.get(keyOf(place));
  const lag = found === undefined || end === undefined ? undefined : end - found.offset;
  return [
    groupId,
    place.topic,
    String(place.partition),
    String(found?.leaderEpoch ?? missing),
    String(found?.offset ?? missing),
    String(end ?? missing),
    String(lag ?? missing),
    member.memberId,
    member.host,
    member.clientId,
  ];
}

const titles = [
  "GROUP",
  "TOPIC",
  "PARTITION",
  "LEADER-EPOCH",
  "CURRENT-OFFSET",
  "LOG-END-OFFSET",
  "LAG",
  "CONSUMER-ID",
  "HOST",
  "CLIENT-ID",
] as const;

function textOf(rows: readonly (readonly string[])[], isVerbose: boolean): string {
  const width = (column: (typeof titles)[number]): number =>
    columnWidth(
      15,
      rows.map((row) => row[titles.indexOf(column)] ?? ""),
    );
  const widths = [width("GROUP"), width("TOPIC"), 10, 15, 15, 15, 15];
  const all = [...widths, width("CONSUMER-ID"), width("HOST"), 0];
  const isShown = (_cell: unknown, index: number): boolean =>
    isVerbose || index !== titles.indexOf("LEADER-EPOCH");
  const lines = [titles, ...rows].map(
    (row) => `\n${paddedRow(row.filter(isShown), all.filter(isShown))}`,
  );
  return `${lines.join("")}\n`;
}
