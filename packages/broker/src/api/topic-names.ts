/** The longest name of a topic: with a partition's number it has to be a directory's name. */
const nameLengthMax = 249;

const namePattern = /^[a-zA-Z0-9._-]+$/;

/** Kafka's own topics: clients may read them, and only the broker writes them. */
const internalTopics: ReadonlySet<string> = new Set([
  "__consumer_offsets",
  "__transaction_state",
  "__share_group_state",
]);

/** Whether a topic may have this name. */
export function isValidTopicName(name: string): boolean {
  return name.length <= nameLengthMax && namePattern.test(name) && name !== "." && name !== "..";
}

/** Whether the broker keeps its own state in this topic. */
export function isInternalTopic(name: string): boolean {
  return internalTopics.has(name);
}
