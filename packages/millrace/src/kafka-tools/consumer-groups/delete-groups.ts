import type { TopicPartition } from "@millrace/client";
import { javaExecutionMessageOf, javaMessageOf } from "../java-message.ts";
import { columnWidth, paddedRow } from "../columns.ts";
import { isTold } from "../tool.ts";
import { groupIdsOf, type GroupTask, tellGroupError } from "./group-task.ts";
import { partitionsOfTopics } from "./topic-arguments.ts";

/** Deletes groups, and tells which could not be deleted. */
export async function deleteGroups(task: GroupTask): Promise<void> {
  const { admin, context, timeoutMs } = task;
  const outcomes = await admin.deleteConsumerGroups(await groupIdsOf(task), { timeoutMs });
  const entries = [...outcomes];
  const failed = entries.flatMap(([group, outcome]) =>
    outcome instanceof Error
      ? [`* Group '${group}' could not be deleted due to: ${javaExecutionMessageOf(outcome)}\n`]
      : [],
  );
  const done = entries
    .filter(([, outcome]) => !(outcome instanceof Error))
    .map(([group]) => `'${group}'`)
    .join(", ");
  if (failed.length === 0) {
    context.print(`Deletion of requested consumer groups (${done}) was successful.\n`);
    return;
  }
  tellGroupError(context, "Deletion of some consumer groups failed:");
  context.print(failed.join(""));
  if (done !== "") {
    context.print(`\nThese consumer groups were deleted successfully: ${done}\n`);
  }
}

const groupErrors = new Set([
  "INVALID_GROUP_ID",
  "GROUP_ID_NOT_FOUND",
  "GROUP_AUTHORIZATION_FAILED",
  "NON_EMPTY_GROUP",
]);
const partitionErrors = new Set([
  "GROUP_SUBSCRIBED_TO_TOPIC",
  "TOPIC_AUTHORIZATION_FAILED",
  "UNKNOWN_TOPIC_OR_PARTITION",
]);

/** Deletes a group's offsets of topics, and tells what became of each partition. */
export async function deleteOffsets(task: GroupTask): Promise<void> {
  const { options, context } = task;
  const groupId = options.text("group") ?? "";
  const { places, unknown } = await partitionsOfTopics(task, options.texts("topic"));
  const outcomes = await settledDeletion(task, groupId, places);
  const first = [...outcomes.values()].find((outcome) => outcome instanceof Error);
  context.print(verdict(groupId, first instanceof Error ? first : undefined));
  const rows = [
    ...places.map(({ topic, partition }) => {
      const outcome = outcomes.get(`${topic}-${partition}`);
      return [topic, String(partition), statusOf(outcome)] as const;
    }),
    ...[...unknown].map(([topic, error]) => [topic, "-", statusOf(error)] as const),
  ].toSorted((a, b) => (a[0] + a[1] < b[0] + b[1] ? -1 : 1));
  const widths = [
    columnWidth(
      15,
      rows.map(([topic]) => topic),
    ),
    10,
    15,
  ];
  const lines = [["TOPIC", "PARTITION", "STATUS"], ...rows];
  context.print(`${lines.map((row) => `\n${paddedRow(row, widths)}`).join("")}\n`);
}

/** What is wrong with the group is wrong with each partition. */
async function settledDeletion(
  { admin, timeoutMs }: GroupTask,
  groupId: string,
  places: readonly TopicPartition[],
): Promise<ReadonlyMap<string, unknown>> {
  try {
    return await admin.deleteConsumerGroupOffsets(groupId, places, { timeoutMs });
  } catch (error) {
    if (!isTold(error)) throw error;
    return new Map(places.map(({ topic, partition }) => [`${topic}-${partition}`, error]));
  }
}

function statusOf(outcome: unknown): string {
  if (!(outcome instanceof Error)) return "Successful";
  return `Error: ${javaExecutionMessageOf(outcome)}`;
}

function verdict(groupId: string, error: Error | undefined): string {
  if (error === undefined) return `Request succeeded for deleting offsets from group ${groupId}.\n`;
  const code = "code" in error ? String(error.code) : "";
  if (groupErrors.has(code)) return `\nError: ${javaMessageOf(error)}\n`;
  if (partitionErrors.has(code)) {
    return "\nError: Encountered some partition-level error, see the follow-up details.\n";
  }
  return `\nError: Encountered some unknown error: ${code}\n`;
}
