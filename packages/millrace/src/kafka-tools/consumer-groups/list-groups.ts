import type { GroupListing, GroupState, GroupType } from "@millrace/client";
import { columnWidth, paddedRow } from "../columns.ts";
import { refuseErrors } from "../outcome.ts";
import { ToolUsageError } from "../tool-errors.ts";
import type { GroupTask } from "./group-task.ts";

const states: readonly GroupState[] = [
  "PreparingRebalance",
  "CompletingRebalance",
  "Stable",
  "Dead",
  "Empty",
  "Assigning",
  "Reconciling",
];
const types = ["classic", "consumer"] as const;

/** Lists groups; with types and states where they were asked for. */
export async function listGroups({ admin, options, context, timeoutMs }: GroupTask): Promise<void> {
  const isWithType = options.has("type");
  const isWithState = options.has("state");
  const listed = await admin.listGroups({
    protocols: ["consumer", ""],
    types: typesOf(options.text("type") ?? ""),
    states: statesOf(options.text("state") ?? ""),
    timeoutMs,
  });
  refuseErrors(listed.errors);
  if (!isWithType && !isWithState) {
    context.print(listed.groups.map(({ groupId }) => `${groupId}\n`).join(""));
    return;
  }
  const cells = ({ groupId, type, state }: GroupListing): readonly string[] => [
    groupId,
    ...(isWithType ? [capital(type ?? "Unknown")] : []),
    ...(isWithState ? [state ?? "Unknown"] : []),
  ];
  const header = ["GROUP", ...(isWithType ? ["TYPE"] : []), ...(isWithState ? ["STATE"] : [])];
  const groupWidth =
    columnWidth(
      15,
      listed.groups.map(({ groupId }) => groupId),
    ) + 10;
  const rows = [header, ...listed.groups.map(cells)];
  context.print(rows.map((row) => `${paddedRow(row, [groupWidth, 20, 20])}\n`).join(""));
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

function typesOf(text: string): readonly GroupType[] | undefined {
  if (text === "") return undefined;
  const found = text
    .toLowerCase()
    .split(",")
    .map((word) => types.find((one) => one === word.trim()));
  if (found.every((one) => one !== undefined)) return found;
  throw new ToolUsageError(`Invalid types list '${text}'. Valid types are: Consumer, Classic`);
}

function statesOf(text: string): readonly GroupState[] | undefined {
  if (text === "") return undefined;
  const found = text.split(",").map((word) => {
    const wanted = word.trim().toLowerCase().replaceAll("_", "");
    return states.find((one) => one.toLowerCase() === wanted);
  });
  if (found.every((one) => one !== undefined)) return found;
  const named = states.join(", ");
  throw new ToolUsageError(`Invalid state list '${text}'. Valid states are: ${named}`);
}
