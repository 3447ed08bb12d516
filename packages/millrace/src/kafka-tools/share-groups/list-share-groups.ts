import type { GroupState } from "@millrace/client";
import { columnWidth, paddedRow } from "../columns.ts";
import { refuseErrors } from "../outcome.ts";
import { ToolUsageError } from "../tool-errors.ts";
import { allShareGroups, type ShareGroupTask } from "./share-group-task.ts";

const states: readonly GroupState[] = ["Stable", "Dead", "Empty"];

/** Lists share groups; with states where they were asked for. */
export async function listShareGroups(task: ShareGroupTask): Promise<void> {
  const { admin, options, context, timeoutMs } = task;
  if (!options.has("state")) {
    const groups = await allShareGroups(task);
    context.print(groups.map(({ groupId }) => `${groupId}\n`).join(""));
    return;
  }
  const wanted = statesOf(options.text("state") ?? "");
  const listed = await admin.listGroups({
    types: ["share"],
    ...(wanted === undefined ? {} : { states: wanted }),
    timeoutMs,
  });
  refuseErrors(listed.errors);
  const width = columnWidth(
    15,
    listed.groups.map(({ groupId }) => groupId),
  );
  const rows = listed.groups.map(({ groupId, state }) => [groupId, state ?? "Unknown"]);
  const lines = [["GROUP", "STATE"], ...rows].map((row) => `${paddedRow(row, [width])}\n`);
  context.print(lines.join(""));
}

function statesOf(text: string): readonly GroupState[] | undefined {
  if (text === "") return undefined;
  const found = text.split(",").map((word) => {
    const wanted = word.trim().toLowerCase();
    return states.find((one) => one.toLowerCase() === wanted);
  });
  if (found.every((one) => one !== undefined)) return found;
  const named = states.join(", ");
  throw new ToolUsageError(`Invalid state list '${text}'. Valid states are: ${named}`);
}
