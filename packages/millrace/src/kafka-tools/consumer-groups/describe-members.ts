import type { ConsumerGroupDescription, ConsumerGroupMember } from "@millrace/client";
import { columnWidth, paddedRow } from "../columns.ts";

type Assignment = ConsumerGroupMember["assignment"];

/** Shows a group's members; only the titles when there is nothing to show. */
export function describeMembers(
  group: ConsumerGroupDescription,
  { isVerbose, isShown }: { readonly isVerbose: boolean; readonly isShown: boolean },
): string {
  const { members } = group;
  const measured = isShown ? members : [];
  const isWithInstance = measured.some(({ instanceId }) => instanceId !== undefined);
  const isMixed =
    measured.some(({ isUpgraded }) => isUpgraded === false) &&
    measured.some(({ isUpgraded }) => isUpgraded === true);
  const row = (member: ConsumerGroupMember): readonly string[] => [
    group.groupId,
    member.memberId,
    ...(isWithInstance ? [member.instanceId ?? ""] : []),
    member.host,
    member.clientId,
    String(partitionCount(member.assignment)),
    ...(isVerbose ? verboseCells(group, member, isMixed) : []),
  ];
  const titles = [
    "GROUP",
    "CONSUMER-ID",
    ...(isWithInstance ? ["GROUP-INSTANCE-ID"] : []),
    "HOST",
    "CLIENT-ID",
    "#PARTITIONS",
    ...(isVerbose
      ? ["CURRENT-EPOCH", "CURRENT-ASSIGNMENT", "TARGET-EPOCH", "TARGET-ASSIGNMENT"]
      : []),
    ...(isVerbose && isMixed ? ["UPGRADED"] : []),
  ];
  const rows = members.map(row);
  const widths = titles.map((title, index) => {
    const least = leastWidths[title] ?? 15;
    return columnWidth(least, isShown ? rows.map((cells) => cells[index] ?? "") : []);
  });
  // Kafka's tool leaves a blank where the verbose columns would follow.
  const end = isVerbose ? "" : " ";
  const lines = [titles, ...rows].map((cells) => `${paddedRow(cells, widths)}${end}\n`);
  return `\n${lines.join("")}`;
}

/** Where it is not 15. */
const leastWidths: Readonly<Record<string, number>> = {
  "GROUP-INSTANCE-ID": 17,
  "CURRENT-ASSIGNMENT": 20,
  "TARGET-ASSIGNMENT": 20,
  UPGRADED: 0,
};

function verboseCells(
  group: ConsumerGroupDescription,
  member: ConsumerGroupMember,
  isMixed: boolean,
): readonly string[] {
  return [
    String(member.epoch ?? "-"),
    assignmentText(member.assignment),
    String(group.targetAssignmentEpoch ?? "-"),
    assignmentText(member.targetAssignment ?? []),
    ...(isMixed ? [String(member.isUpgraded ?? "-")] : []),
  ];
}

function partitionCount(assignment: Assignment): number {
  return assignment.reduce((sum, { partitions }) => sum + partitions.length, 0);
}

function assignmentText(assignment: Assignment): string {
  const topics = assignment.map(({ topic, partitions }) => {
    const sorted = partitions.toSorted((a, b) => a - b);
    return `${topic}:${sorted.join(",")}`;
  });
  return topics.length === 0 ? "-" : topics.toSorted().join(";");
}
