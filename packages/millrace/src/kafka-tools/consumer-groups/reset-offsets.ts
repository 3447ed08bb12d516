import type { TopicPartition } from "@millrace/client";
import { columnWidth, paddedRow } from "../columns.ts";
import { refuseErrors } from "../outcome.ts";
import { ToolFailure, ToolUsageError } from "../tool-errors.ts";
import { committedOf } from "./committed.ts";
import { csvOfPlan, type GroupPlan } from "./reset-csv.ts";
import { groupIdsOf, type GroupTask, tellGroupError } from "./group-task.ts";
import { offsetsToReset } from "./offsets-to-reset.ts";
import { partitionsOfTopics } from "./topic-arguments.ts";

/** Works out where groups are to go on, moves them with `--execute`, and shows it. */
export async function resetOffsets(task: GroupTask): Promise<void> {
  const { admin, options, context, timeoutMs } = task;
  const groupIds = await groupIdsOf(task);
  const described = await admin.describeConsumerGroups(groupIds, { timeoutMs });
  const plans: GroupPlan[] = [];
  for (const [groupId, group] of described) {
    const isUnknown = group instanceof Error && group.code === "GROUP_ID_NOT_FOUND";
    if (group instanceof Error && !isUnknown) throw group;
    const state = group instanceof Error ? "Dead" : group.state;
    if (state === "Empty" || state === "Dead") {
      plans.push({ groupId, offsets: await resetGroup(task, groupId) });
      continue;
    }
    tellGroupError(
      context,
      `Assignments can only be reset if the group '${groupId}' is inactive, ` +
        `but the current state is ${state}.`,
    );
    plans.push({ groupId, offsets: [] });
  }
  if (options.has("export"))
    context.print(`${csvOfPlan(plans, options.texts("group").length === 1)}\n`);
  else context.print(textOfPlan(plans));
}

async function resetGroup(task: GroupTask, groupId: string): Promise<GroupPlan["offsets"]> {
  const { admin, options, timeoutMs } = task;
  const places = await placesToReset(task, groupId);
  await checkPlaces(task, places);
  const offsets = await offsetsToReset(task, groupId, places);
  if (options.has("execute") && !options.has("dry-run") && offsets.length > 0) {
    refuseErrors(await admin.alterConsumerGroupOffsets(groupId, offsets, { timeoutMs }));
  }
  return offsets;
}

async function placesToReset(task: GroupTask, groupId: string): Promise<readonly TopicPartition[]> {
  const { options } = task;
  if (options.has("all-topics")) {
    return [...(await committedOf(task, groupId)).keys()].map((key) => {
      const at = key.lastIndexOf("-");
      return { topic: key.slice(0, at), partition: Number(key.slice(at + 1)) };
    });
  }
  if (options.has("topic")) {
    const { places, unknown } = await partitionsOfTopics(task, options.texts("topic"));
    refuseErrors(unknown);
    return places;
  }
  if (options.has("from-file")) return [];
  throw new ToolUsageError("One of the reset scopes should be defined: --all-topics, --topic.");
}

/** Checks that partitions are there and have leaders. @throws KafkaError, ToolFailure */
export async function checkPlaces(
  { admin, timeoutMs }: Pick<GroupTask, "admin" | "timeoutMs">,
  places: readonly TopicPartition[],
): Promise<void> {
  const topics = [...new Set(places.map(({ topic }) => topic))];
  if (topics.length === 0) return;
  const described = await admin.describeTopics(topics, { timeoutMs });
  refuseErrors(described);
  const leaders = new Map<string, number>();
  for (const [topic, found] of described) {
    if (found instanceof Error) continue;
    for (const { partition, leader } of found.partitions) {
      leaders.set(`${topic}-${partition}`, leader);
    }
  }
  const keys = places.map(({ topic, partition }) => `${topic}-${partition}`);
  const absent = keys.filter((key) => !leaders.has(key));
  if (absent.length > 0) {
    throw new ToolFailure(`The partitions "${absent.join(",")}" do not exist`);
  }
  const leaderless = keys.filter((key) => (leaders.get(key) ?? -1) < 0);
  if (leaderless.length === 0) return;
  throw new ToolFailure(`The partitions "${leaderless.join(",")}" have no leader`);
}

/** Writes a plan as a table. */
export function textOfPlan(plans: readonly GroupPlan[]): string {
  const rows = plans.flatMap(({ groupId, offsets }) =>
    offsets.map(({ topic, partition, offset }) => [
      groupId,
      topic,
      String(partition),
      String(offset),
    ]),
  );
  const groupWidth = columnWidth(
    15,
    plans.map(({ groupId }) => groupId),
  );
  const topicWidth = columnWidth(
    15,
    rows.map((row) => row[1] ?? ""),
  );
  const titles = plans.length === 0 ? [] : [["GROUP", "TOPIC", "PARTITION", "NEW-OFFSET"]];
  const widths = [groupWidth, topicWidth, 10];
  return `${[...titles, ...rows].map((row) => `\n${paddedRow(row, widths)}`).join("")}\n`;
}
