import type { OffsetToCommit } from "@millrace/client";
import { ToolFailure } from "../tool-errors.ts";

/** Where a group is to go on. */
export interface GroupPlan {
  readonly groupId: string;
  readonly offsets: readonly OffsetToCommit[];
}

/** Writes a plan as CSV: topic, partition, offset, with the group before unless there is one. */
export function csvOfPlan(plans: readonly GroupPlan[], isOneGroup: boolean): string {
  const rows = plans.flatMap(({ groupId, offsets }) =>
    offsets.map(({ topic, partition, offset }) => [
      ...(isOneGroup ? [] : [quoted(groupId)]),
      quoted(topic),
      partition,
      offset,
    ]),
  );
  return rows.map((row) => `${row.join(",")}\n`).join("");
}

/** As Jackson's writer: what is no letter, digit, point, dash or underscore is quoted. */
function quoted(text: string): string {
  if (!/[",\n\r\s]/.test(text)) return text;
  return `"${text.replaceAll('"', '""')}"`;
}

/** Reads such lines, of one group or of several. @throws ToolFailure */
export function planOfCsv(text: string, groupIds: readonly string[]): readonly GroupPlan[] {
  const rows = text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => line.split(",").map((cell) => cell.trim().replace(/^"(.*)"$/, "$1")));
  const isOneGroup = groupIds.length === 1 && rows.every((row) => row.length === 3);
  const plans = new Map<string, OffsetToCommit[]>();
  for (const row of rows) {
    const cells = isOneGroup ? [groupIds[0] ?? "", ...row] : row;
    const [groupId = "", topic = "", partition = "", offset = ""] = cells;
    if (cells.length !== 4 || !/^\d+$/.test(partition) || !/^-?\d+$/.test(offset)) {
      throw new ToolFailure(`Cannot read "${row.join(",")}" as group, topic, partition, offset`);
    }
    const offsets = plans.get(groupId) ?? [];
    plans.set(groupId, offsets);
    offsets.push({ topic, partition: Number(partition), offset: BigInt(offset) });
  }
  return [...plans].map(([groupId, offsets]) => ({ groupId, offsets }));
}
