import { KafkaError } from "../errors/kafka-error.ts";
import type { TopicMetadata } from "../metadata/metadata-cache.ts";

/**
 * Gives a test of whether a topic matches a pattern, which has to fit the whole name.
 * @throws KafkaError INVALID_REGULAR_EXPRESSION
 */
export function topicPattern(
  source: string,
  excludeInternalTopics: boolean,
): (topic: Pick<TopicMetadata, "name" | "isInternal">) => boolean {
  let expression: RegExp;
  try {
    expression = new RegExp(`^(?:${source})$`, "u");
  } catch (cause) {
    const message = `the pattern ${source} is no regular expression`;
    throw new KafkaError("INVALID_REGULAR_EXPRESSION", message, { cause });
  }
  return ({ name, isInternal }) => !(isInternal && excludeInternalTopics) && expression.test(name);
}
