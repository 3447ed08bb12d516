import { ToolFailure } from "../tool-errors.ts";
import { isInternalTopic, topicPattern } from "../topic-filter.ts";
import type { TopicTask } from "./topic-task.ts";

/**
 * Finds the topics that `--topic` means, in the order of their names; all without it.
 * @throws ToolFailure when there has to be one and there is none.
 */
export async function existingTopics(
  { admin, options }: TopicTask,
  { isRequired = false }: { readonly isRequired?: boolean } = {},
): Promise<readonly string[]> {
  const isInternalLeftOut = options.has("exclude-internal");
  const wanted = options.text("topic");
  const pattern = wanted === undefined ? undefined : topicPattern(wanted);
  const listed = await admin.listTopics({ listInternal: !isInternalLeftOut });
  const names = [...listed.keys()]
    .filter((name) => pattern?.test(name) ?? true)
    .filter((name) => !(isInternalLeftOut && isInternalTopic(name)))
    .toSorted();
  if (isRequired && wanted !== undefined && wanted !== "" && names.length === 0) {
    throw new ToolFailure(`Topic '${wanted}' does not exist as expected`);
  }
  return names;
}
