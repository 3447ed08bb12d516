import { ToolFailure } from "../tool-errors.ts";
import { parseReplicaAssignment } from "./replica-assignment.ts";
import type { TopicArguments } from "./topic-options.ts";
import type { TopicTask } from "./topic-task.ts";

const replicationFactorMax = 32_767;

/** Creates the topic; one that exists is no failure with `--if-not-exists`. */
export async function createTopic({ admin, options, context }: TopicTask): Promise<void> {
  const name = options.text("topic") ?? "";
  const topic = { name, ...sizesOf(options), configs: configsOf(options) };
  if (/[._]/.test(name)) {
    context.print(
      "WARNING: Due to limitations in metric names, topics with a period ('.') or " +
        "underscore ('_') could collide. To avoid issues it is best to use either, but not both.\n",
    );
  }
  checkSizes(topic);
  const outcomes = await admin.createTopics([topic], { retryOnQuotaViolation: false });
  const outcome = outcomes.get(name);
  if (outcome instanceof Error) {
    const isThere = "code" in outcome && outcome.code === "TOPIC_ALREADY_EXISTS";
    if (isThere && options.has("if-not-exists")) return;
    throw outcome;
  }
  context.print(`Created topic ${name}.\n`);
}

function checkSizes({
  numPartitions = 1,
  replicationFactor = 1,
}: {
  readonly numPartitions?: number;
  readonly replicationFactor?: number;
}): void {
  if (replicationFactor < 1 || replicationFactor > replicationFactorMax) {
    throw new ToolFailure(
      `The replication factor must be between 1 and ${replicationFactorMax} inclusive`,
    );
  }
  if (numPartitions < 1) throw new ToolFailure("The partitions must be greater than 0");
}

function sizesOf(options: TopicArguments): {
  readonly numPartitions?: number;
  readonly replicationFactor?: number;
  readonly assignments?: readonly (readonly number[])[];
} {
  const numPartitions = options.integer("partitions");
  const replicationFactor = options.integer("replication-factor");
  const assignment = options.text("replica-assignment") ?? "";
  return {
    ...(numPartitions === undefined ? {} : { numPartitions }),
    ...(replicationFactor === undefined ? {} : { replicationFactor }),
    ...(assignment === "" ? {} : { assignments: parseReplicaAssignment(assignment) }),
  };
}

function configsOf(options: TopicArguments): Readonly<Record<string, string>> {
  const pairs = options.texts("config").map((word) => word.split(/\s*=\s*/));
  if (pairs.some((pair) => pair.length !== 2 || pair[1] === "")) {
    throw new ToolFailure(
      "requirement failed: Invalid topic config: all configs to be added must be in the " +
        'format "key=val".',
    );
  }
  return Object.fromEntries(pairs.map(([name = "", value = ""]) => [name.trim(), value.trim()]));
}
