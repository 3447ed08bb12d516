import type { OffsetSpec, OffsetToCommit, TopicPartition } from "@millrace/client";
import { readToolFile } from "../open-client.ts";
import { outcomeOf } from "../outcome.ts";
import { ToolUsageError } from "../tool-errors.ts";
import { committedOf } from "./committed.ts";
import { type GroupTask, tellGroupError } from "./group-task.ts";
import { planOfCsv } from "./reset-csv.ts";
import { parseDateTime, parseIsoDuration } from "./reset-times.ts";

type Offsets = readonly OffsetToCommit[];

/** Works out where a group is to go on in partitions. @throws ToolUsageError, ToolFailure */
export async function offsetsToReset(
  task: GroupTask,
  groupId: string,
  places: readonly TopicPartition[],
): Promise<Offsets> {
  const { options, context } = task;
  if (options.has("to-offset")) {
    const offset = options.long("to-offset") ?? 0n;
    return withinRange(
      task,
      places.map((place) => ({ ...place, offset })),
    );
  }
  if (options.has("to-earliest")) return lookUp(task, places, "earliest");
  if (options.has("to-latest")) return lookUp(task, places, "latest");
  if (options.has("shift-by")) return shifted(task, groupId, places);
  if (options.has("to-datetime")) {
    return fromTime(task, places, parseDateTime(options.text("to-datetime") ?? ""));
  }
  if (options.has("by-duration")) {
    const durationMs = parseIsoDuration(options.text("by-duration") ?? "");
    return fromTime(task, places, context.clock.nowMs() - durationMs);
  }
  if (options.has("from-file")) return fromFile(task, groupId);
  if (options.has("to-current")) return current(task, groupId, places);
  throw new ToolUsageError(
    "Option '[reset-offsets]' requires one of the following scenarios: [[to-offset], " +
      "[shift-by], [to-datetime], [by-duration], [to-earliest], [to-latest], [to-current], " +
      "[from-file]]",
  );
}

async function lookUp(
  { admin, timeoutMs }: GroupTask,
  places: readonly TopicPartition[],
  spec: OffsetSpec,
): Promise<Offsets> {
  if (places.length === 0) return [];
  const found = await admin.listOffsets(
    places.map((place) => ({ ...place, spec })),
    { timeoutMs },
  );
  return places.map(({ topic, partition }) => {
    const { offset } = outcomeOf(found, `${topic}-${partition}` as const);
    return { topic, partition, offset };
  });
}

/** Offsets before the first record or behind the last one are moved there. */
async function withinRange(task: GroupTask, wanted: Offsets): Promise<Offsets> {
  const starts = await lookUp(task, wanted, "earliest");
  const ends = await lookUp(task, wanted, "latest");
  return wanted.map((one, index) => {
    const start = starts[index]?.offset ?? 0n;
    const end = ends[index]?.offset ?? one.offset;
    if (one.offset > end) return { ...one, offset: end };
    return one.offset < start ? { ...one, offset: start } : one;
  });
}

async function shifted(
  task: GroupTask,
  groupId: string,
  places: readonly TopicPartition[],
): Promise<Offsets> {
  const by = task.options.long("shift-by") ?? 0n;
  const committed = await committedOf(task, groupId);
  const wanted = places.map((place) => {
    const key = `${place.topic}-${place.partition}`;
    const found = committed.get(key);
    if (found !== undefined) return { ...place, offset: found.offset + by };
    throw new ToolUsageError(
      `Cannot shift offset for partition ${key} since there is no current committed offset`,
    );
  });
  return withinRange(task, wanted);
}

async function current(
  task: GroupTask,
  groupId: string,
  places: readonly TopicPartition[],
): Promise<Offsets> {
  const committed = await committedOf(task, groupId);
  const isKnown = ({ topic, partition }: TopicPartition): boolean =>
    committed.has(`${topic}-${partition}`);
  const known = places.filter(isKnown).map(({ topic, partition }) => {
    const offset = committed.get(`${topic}-${partition}`)?.offset ?? 0n;
    return { topic, partition, offset };
  });
  const others = places.filter((place) => !isKnown(place));
  return [...known, ...(await lookUp(task, others, "latest"))];
}

async function fromTime(
  task: GroupTask,
  places: readonly TopicPartition[],
  timestamp: number,
): Promise<Offsets> {
  const found = await lookUp(task, places, { timestamp: Math.trunc(timestamp) });
  const empty = found.filter(({ offset }) => offset < 0n);
  for (const { topic, partition } of empty) {
    task.context.print(
      `\nWarn: Partition ${partition} from topic ${topic} is empty. ` +
        "Falling back to latest known offset.\n",
    );
  }
  const ends = await lookUp(task, empty, "latest");
  return [...found.filter(({ offset }) => offset >= 0n), ...ends];
}

async function fromFile(task: GroupTask, groupId: string): Promise<Offsets> {
  const { options, context } = task;
  const text = readToolFile(options.text("from-file") ?? "");
  const plans = planOfCsv(text, options.texts("group"));
  const plan = plans.find((one) => one.groupId === groupId);
  if (plan !== undefined) return withinRange(task, plan.offsets);
  tellGroupError(context, `No reset plan for group ${groupId} found`);
  return [];
}
