import type { ConsumerGroupDescription } from "@millrace/client";
import type { CommandContext } from "../../command.ts";
import { paddedRow } from "../columns.ts";
import { outcomeOf } from "../outcome.ts";
import { describeMembers } from "./describe-members.ts";
import { describeOffsets } from "./describe-offsets.ts";
import { groupIdsOf, type GroupTask, tellGroupError } from "./group-task.ts";

/** Shows offsets and lag of groups, or their members, or their states, by their names. */
export async function describeGroups(task: GroupTask): Promise<void> {
  const { admin, options, context, timeoutMs } = task;
  const groupIds = await groupIdsOf(task);
  const described = await admin.describeConsumerGroups(groupIds, { timeoutMs });
  const groups = groupIds.toSorted().map((groupId) => outcomeOf(described, groupId));
  const isVerbose = options.has("verbose");
  if (options.has("members")) {
    for (const group of groups) {
      const isShown = isStateShown(group, context) && group.members.length > 0;
      context.print(describeMembers(group, { isVerbose, isShown }));
    }
    return;
  }
  if (!options.has("state")) {
    const shown = [];
    for (const group of groups) shown.push(await describeOffsets(task, group));
    for (const { group, text, rowCount } of shown) {
      if (isStateShown(group, context) && rowCount > 0) context.print(text);
    }
    return;
  }
  for (const group of groups) {
    if (isStateShown(group, context)) context.print(await describeState(task, group, isVerbose));
  }
}

/** Says what is to be said of a group's state; false when there is no more to show. */
function isStateShown(
  { groupId, state }: ConsumerGroupDescription,
  context: CommandContext,
): boolean {
  if (state === "Dead") {
    tellGroupError(context, `Consumer group '${groupId}' does not exist.`);
    return false;
  }
  if (state === "Empty") {
    context.printError(`\nConsumer group '${groupId}' has no active members.\n`);
  } else if (state !== "Stable") {
    context.printError(`\nWarning: Consumer group '${groupId}' is rebalancing.\n`);
  }
  return true;
}

async function describeState(
  { admin }: GroupTask,
  group: ConsumerGroupDescription,
  isVerbose: boolean,
): Promise<string> {
  const id = await admin.groupCoordinator(group.groupId);
  const { brokers } = await admin.describeCluster();
  const broker = brokers.find((one) => one.id === Number(id));
  const coordinator = `${broker?.host ?? ""}:${broker?.port ?? -1}  (${id})`;
  const epochs = [group.groupEpoch, group.targetAssignmentEpoch].map((epoch) =>
    epoch === undefined ? "-" : String(epoch),
  );
  const assignor = group.assignor === "" ? "-" : group.assignor;
  const memberCount = String(group.members.length);
  const start = ["GROUP", "COORDINATOR (ID)", "ASSIGNMENT-STRATEGY", "STATE"];
  const epochTitles = isVerbose ? ["GROUP-EPOCH", "TARGET-ASSIGNMENT-EPOCH"] : [];
  const own = [group.groupId, coordinator, assignor, group.state];
  const rows = [
    [...start, ...epochTitles, "#MEMBERS"],
    [...own, ...(isVerbose ? epochs : []), memberCount],
  ];
  const widths = [
    Math.max(15, group.groupId.length),
    Math.max(25, coordinator.length),
    20,
    20,
    ...(isVerbose ? [15, 25] : []),
  ];
  return `${rows.map((row) => `\n${paddedRow(row, widths)}`).join("")}\n`;
}
