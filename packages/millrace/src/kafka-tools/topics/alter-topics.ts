import { existingTopics } from "./existing-topics.ts";
import { outcomeOf, refuseErrors } from "../outcome.ts";
import { parseReplicaAssignment } from "./replica-assignment.ts";
import type { TopicTask } from "./topic-task.ts";

/** Adds partitions to the topics. */
export async function alterTopics(task: TopicTask): Promise<void> {
  const { admin, options } = task;
  const totalCount = options.integer("partitions") ?? 0;
  const given = options.text("replica-assignment") ?? "";
  const assignments = given === "" ? undefined : parseReplicaAssignment(given);
  const topics = await existingTopics(task, { isRequired: !options.has("if-exists") });
  if (topics.length === 0) return;
  const described = await admin.describeTopics(topics);
  const wanted = topics.map((name) => {
    const { partitions } = outcomeOf(described, name);
    // The assignment is told from partition 0 on; those that exist stay where they are.
    const added = assignments?.slice(partitions.length);
    return [name, { totalCount, ...(added === undefined ? {} : { assignments: added }) }] as const;
  });
  const call = { retryOnQuotaViolation: false };
  const outcomes = await admin.createPartitions(Object.fromEntries(wanted), call);
  refuseErrors(outcomes);
}
