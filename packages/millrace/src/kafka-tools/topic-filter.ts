import { ToolFailure } from "./tool-errors.ts";

/** Topics that are the brokers' own. */
const internalTopics = new Set([
  "__consumer_offsets",
  "__transaction_state",
  "__share_group_state",
]);

/** Whether a topic is the brokers' own. */
export function isInternalTopic(name: string): boolean {
  return internalTopics.has(name);
}

/**
 * Reads a list of topics as Kafka's tools do: a regular expression for the whole name, in which a
 * comma stands for "or"; blanks and quotes around it are left out.
 * @throws ToolFailure when it is none.
 */
export function topicPattern(text: string): RegExp {
  const pattern = text
    .trim()
    .replaceAll(",", "|")
    .replaceAll(" ", "")
    .replace(/^["']+/, "")
    .replace(/["']+$/, "");
  try {
    return new RegExp(`^(?:${pattern})$`, "u");
  } catch (cause) {
    throw new ToolFailure(`${pattern} is an invalid regex.`, { cause });
  }
}
