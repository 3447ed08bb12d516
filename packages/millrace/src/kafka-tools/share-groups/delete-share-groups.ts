import { columnWidth, paddedRow } from "../columns.ts";
import { tellGroupError } from "../consumer-groups/group-task.ts";
import { javaExecutionMessageOf, javaMessageOf } from "../java-message.ts";
import { isTold } from "../tool.ts";
import { allShareGroups, shareGroupIdsOf, type ShareGroupTask } from "./share-group-task.ts";

const notEmpty = "org.apache.kafka.common.errors.GroupNotEmptyException";

/** Deletes share groups, and tells which could not be deleted. */
export async function deleteShareGroups(task: ShareGroupTask): Promise<void> {
  const { admin, context, timeoutMs } = task;
  const states = new Map((await allShareGroups(task)).map((one) => [one.groupId, one.state]));
  const failures = new Map<string, string>();
  const open: string[] = [];
  for (const groupId of await shareGroupIdsOf(task)) {
    const refusal = refusalOf(groupId, states);
    if (refusal === undefined) open.push(groupId);
    else failures.set(groupId, refusal);
  }
  const outcomes = open.length === 0 ? [] : await admin.deleteShareGroups(open, { timeoutMs });
  const done: string[] = [];
  for (const [groupId, outcome] of outcomes) {
    if (outcome instanceof Error) failures.set(groupId, javaExecutionMessageOf(outcome));
    else done.push(`'${groupId}'`);
  }
  const named = done.join(", ");
  if (failures.size === 0) {
    context.print(`Deletion of requested share groups (${named}) was successful.\n`);
    return;
  }
  tellGroupError(context, "Deletion of some share groups failed:");
  for (const [groupId, said] of failures) {
    context.print(`* Group '${groupId}' could not be deleted due to: ${said}\n`);
  }
  if (done.length > 0) {
    context.print(`\nThese share groups were deleted successfully: ${named}\n`);
  }
}

function refusalOf(
  groupId: string,
  states: ReadonlyMap<string, string | undefined>,
): string | undefined {
  if (!states.has(groupId)) {
    return `java.lang.IllegalArgumentException: Group '${groupId}' is not a share group.`;
  }
  const state = states.get(groupId);
  if (state === undefined || state === "Empty") return undefined;
  if (state === "Dead") {
    return `java.lang.IllegalStateException: Share group '${groupId}' group state is DEAD.`;
  }
  return `${notEmpty}: Share group '${groupId}' is not EMPTY.`;
}

const toldErrors = new Set([
  "INVALID_GROUP_ID",
  "GROUP_ID_NOT_FOUND",
  "GROUP_AUTHORIZATION_FAILED",
  "NON_EMPTY_GROUP",
]);
const topicErrors = new Set(["TOPIC_AUTHORIZATION_FAILED", "UNKNOWN_TOPIC_OR_PARTITION"]);

/** Makes a share group forget topics, and tells what became of each. */
export async function deleteShareOffsets(task: ShareGroupTask): Promise<void> {
  const { admin, options, context, timeoutMs } = task;
  const groupId = options.text("group") ?? "";
  const topics = [...new Set(options.texts("topic"))];
  const outcomes = new Map<string, unknown>();
  try {
    const told = await admin.deleteShareGroupOffsets(groupId, topics, { timeoutMs });
    for (const [topic, outcome] of told) outcomes.set(topic, outcome);
  } catch (error) {
    // What is wrong with the group is wrong with each topic.
    if (!isTold(error)) throw error;
    for (const topic of topics) outcomes.set(topic, error);
  }
  const first = [...outcomes.values()].find((outcome) => outcome instanceof Error);
  if (first instanceof Error) tellFirst(task, first);
  const width = columnWidth(15, topics);
  const rows = topics.toSorted().map((topic) => {
    const outcome = outcomes.get(topic);
    const failed = outcome instanceof Error ? `Error: ${javaMessageOf(outcome)}` : undefined;
    return [topic, failed ?? "Successful"];
  });
  const lines = [["TOPIC", "STATUS"], ...rows].map((row) => `\n${paddedRow(row, [width])}`);
  context.print(`${lines.join("")}\n`);
}

function tellFirst({ context }: ShareGroupTask, error: Error): void {
  const code = "code" in error ? String(error.code) : "";
  if (toldErrors.has(code)) tellGroupError(context, javaMessageOf(error));
  else if (!topicErrors.has(code)) {
    tellGroupError(context, `Encounter some unknown error: ${javaExecutionMessageOf(error)}`);
  }
}
