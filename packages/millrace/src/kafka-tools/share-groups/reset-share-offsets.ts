import type { OffsetSpec, ShareOffsetToSet, TopicPartition } from "@millrace/client";
import { checkPlaces, textOfPlan } from "../consumer-groups/reset-offsets.ts";
import { parseDateTime } from "../consumer-groups/reset-times.ts";
import { partitionsOfTopics } from "../consumer-groups/topic-arguments.ts";
import { outcomeOf, refuseErrors } from "../outcome.ts";
import { ToolUsageError } from "../tool-errors.ts";
import type { ShareGroupTask } from "./share-group-task.ts";

/** Works out where a share group is to begin, sets it with `--execute`, and shows it. */
export async function resetShareOffsets(task: ShareGroupTask): Promise<void> {
  const { admin, options, context, timeoutMs } = task;
  const groupId = options.text("group") ?? "";
  const group = (await admin.describeShareGroups([groupId], { timeoutMs })).get(groupId);
  const isUnknown = group instanceof Error && group.code === "GROUP_ID_NOT_FOUND";
  if (group instanceof Error && !isUnknown) throw group;
  const state = group === undefined || group instanceof Error ? "Dead" : group.state;
  if (state !== "Empty" && state !== "Dead") {
    throw new GroupNotEmpty(groupId);
  }
  const places = await placesToReset(task, groupId);
  await checkPlaces(task, places);
  const offsets = await offsetsOf(task, places);
  if (options.has("execute") && offsets.length > 0) {
    refuseErrors(await admin.alterShareGroupOffsets(groupId, offsets, { timeoutMs }));
  }
  const shown = offsets.map(({ startOffset, ...place }) => ({ ...place, offset: startOffset }));
  context.print(textOfPlan(shown.length === 0 ? [] : [{ groupId, offsets: shown }]));
}

/** A group that has members: told without the usage. */
export class GroupNotEmpty extends ToolUsageError {
  constructor(groupId: string) {
    super(`Share group '${groupId}' is not empty.`);
  }
}

async function placesToReset(
  task: ShareGroupTask,
  groupId: string,
): Promise<readonly TopicPartition[]> {
  const { admin, options, timeoutMs } = task;
  if (options.has("topic")) {
    const { places, unknown } = await partitionsOfTopics(task, options.texts("topic"));
    refuseErrors(unknown);
    return places;
  }
  const listed = await admin.listShareGroupOffsets(new Map([[groupId, "all"]]), { timeoutMs });
  return [...outcomeOf(listed, groupId).keys()].map((key) => {
    const at = key.lastIndexOf("-");
    return { topic: key.slice(0, at), partition: Number(key.slice(at + 1)) };
  });
}

async function offsetsOf(
  task: ShareGroupTask,
  places: readonly TopicPartition[],
): Promise<readonly ShareOffsetToSet[]> {
  const { options, context } = task;
  if (options.has("to-earliest")) return lookUp(task, places, "earliest");
  if (options.has("to-latest")) return lookUp(task, places, "latest");
  const time = options.text("to-datetime");
  if (time === undefined) {
    throw new ToolUsageError(
      "Option '[reset-offsets]' requires one of the following scenarios: " +
        "[[to-datetime], [to-earliest], [to-latest]]",
    );
  }
  const found = await lookUp(task, places, { timestamp: parseDateTime(time) });
  const empty = found.filter(({ startOffset }) => startOffset < 0n);
  for (const { topic, partition } of empty) {
    context.print(
      `\nWarn: Partition ${partition} from topic ${topic} is empty. ` +
        "Falling back to latest known offset.\n",
    );
  }
  const ends = await lookUp(task, empty, "latest");
  return [...found.filter(({ startOffset }) => startOffset >= 0n), ...ends];
}

async function lookUp(
  { admin, timeoutMs }: ShareGroupTask,
  places: readonly TopicPartition[],
  spec: OffsetSpec,
): Promise<readonly ShareOffsetToSet[]> {
  if (places.length === 0) return [];
  const questions = places.map((place) => ({ ...place, spec }));
  const found = await admin.listOffsets(questions, { timeoutMs });
  return places.map(({ topic, partition }) => {
    const { offset } = outcomeOf(found, `${topic}-${partition}` as const);
    return { topic, partition, startOffset: offset };
  });
}
