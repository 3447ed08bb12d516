import type { ShareGroupDescription, ShareGroupOffset } from "@millrace/client";
import { columnWidth, paddedRow } from "../columns.ts";
import { tellGroupError } from "../consumer-groups/group-task.ts";
import { outcomeOf } from "../outcome.ts";
import { shareGroupIdsOf, type ShareGroupTask } from "./share-group-task.ts";

/** Shows where share groups are, or their members, or their states, by their names. */
export async function describeShareGroups(task: ShareGroupTask): Promise<void> {
  const { admin, options, context, timeoutMs } = task;
  const groupIds = await shareGroupIdsOf(task);
  const described = await admin.describeShareGroups(groupIds, { timeoutMs });
  const groups = groupIds.toSorted().map((groupId) => outcomeOf(described, groupId));
  const isVerbose = options.has("verbose");
  if (options.has("members")) {
    for (const group of groups) {
      tellState(task, group);
      if (group.state !== "Dead" && group.members.length > 0) {
        context.print(membersText(group, isVerbose));
      }
    }
    return;
  }
  if (options.has("state")) {
    for (const group of groups) {
      tellState(task, group);
      context.print(await stateText(task, group, isVerbose));
    }
    return;
  }
  const shown: string[] = [];
  for (const group of groups) shown.push(await offsetsText(task, group, isVerbose));
  context.print(shown.join(""));
}

function tellState({ context }: ShareGroupTask, { groupId, state }: ShareGroupDescription): void {
  if (state === "Dead") tellGroupError(context, `Share group '${groupId}' does not exist.`);
  if (state !== "Empty") return;
  context.printError(`\nShare group '${groupId}' has no active members.\n`);
}

function table(rows: readonly (readonly string[])[], least: readonly number[]): string {
  const widths = least.map((width, index) =>
    columnWidth(
      width,
      // Columns of numbers keep their widths.
      fixedWidths.has(width) ? [] : rows.map((row) => row[index] ?? ""),
    ),
  );
  return `${rows.map((row) => `\n${paddedRow(row, widths)}`).join("")}\n`;
}

const fixedWidths = new Set([10, 12, 13, 17]);

function membersText(group: ShareGroupDescription, isVerbose: boolean): string {
  const members = group.members.toSorted((a, b) => (a.memberId < b.memberId ? -1 : 1));
  const titles = ["GROUP", "CONSUMER-ID", "HOST", "CLIENT-ID", "#PARTITIONS"];
  const epochTitle = isVerbose ? ["MEMBER-EPOCH"] : [];
  const rows = members.map(({ memberId, host, clientId, epoch, assignment }) => {
    const count = assignment.reduce((sum, { partitions }) => sum + partitions.length, 0);
    const topics = assignment.map(({ topic, partitions }) => {
      const sorted = partitions.toSorted((a, b) => a - b);
      return `${topic}:${sorted.join(",")}`;
    });
    const end = [...(isVerbose ? [String(epoch)] : []), topics.toSorted().join(";")];
    return [group.groupId, memberId, host, clientId, String(count), ...end];
  });
  const widths = [15, 15, 15, 15, 12, ...(isVerbose ? [13] : [])];
  return table([[...titles, ...epochTitle, "ASSIGNMENT"], ...rows], widths);
}

async function stateText(
  { admin }: ShareGroupTask,
  group: ShareGroupDescription,
  isVerbose: boolean,
): Promise<string> {
  const id = await admin.groupCoordinator(group.groupId);
  const { brokers } = await admin.describeCluster();
  const broker = brokers.find((one) => one.id === Number(id));
  const coordinator = `${broker?.host ?? ""}:${broker?.port ?? -1}  (${id})`;
  const epochTitles = isVerbose ? ["GROUP-EPOCH", "ASSIGNMENT-EPOCH"] : [];
  const epochs = isVerbose ? [group.groupEpoch, group.targetAssignmentEpoch].map(String) : [];
  const memberCount = String(group.members.length);
  const rows = [
    ["GROUP", "COORDINATOR (ID)", "STATE", ...epochTitles, "#MEMBERS"],
    [group.groupId, coordinator, group.state, ...epochs, memberCount],
  ];
  return table(rows, [15, 25, 15, ...(isVerbose ? [12, 17] : [])]);
}

async function offsetsText(
  { admin, timeoutMs }: ShareGroupTask,
  { groupId }: ShareGroupDescription,
  isVerbose: boolean,
): Promise<string> {
  const listed = await admin.listShareGroupOffsets(new Map([[groupId, "all"]]), { timeoutMs });
  const found = [...outcomeOf(listed, groupId)].map(([key, offset]) => {
    if (offset instanceof Error) throw offset;
    const at = key.lastIndexOf("-");
    return { topic: key.slice(0, at), partition: Number(key.slice(at + 1)), offset };
  });
  if (found.length === 0) return `\nShare group '${groupId}' has no offset information.\n`;
  const sorted = found.toSorted((a, b) =>
    a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1,
  );
  const rows = sorted.map(({ topic, partition, offset }) => [
    groupId,
    topic,
    String(partition),
    ...offsetCells(offset, isVerbose),
  ]);
  const epochTitle = isVerbose ? ["LEADER-EPOCH"] : [];
  const titles = ["GROUP", "TOPIC", "PARTITION", ...epochTitle, "START-OFFSET", "LAG"];
  return table([titles, ...rows], [15, 15, 10, ...(isVerbose ? [13] : []), 13]);
}

function offsetCells(
  { leaderEpoch, startOffset, lag }: ShareGroupOffset,
  isVerbose: boolean,
): readonly string[] {
  const cells = [...(isVerbose ? [leaderEpoch] : []), startOffset, lag];
  return cells.map((cell) => (cell === undefined ? "-" : String(cell)));
}
