import { javaHashCode } from "../../coordination/java-hash.ts";

/** The smallest table of a Java map, and how full one may be before it doubles. */
const tableSizeMin = 16;
const loadMax = 0.75;

/**
 * Puts names in the order in which Apache Kafka answers them: that of a Java `HashMap` filled in
 * the order given. Nothing promises this order, but clients were written against it, and some
 * take the n-th configuration of an answer for a certain one.
 *
 * Example: retention.ms, cleanup.policy → cleanup.policy, retention.ms.
 */
export function inMapOrder(names: readonly string[]): readonly string[] {
  let tableSize = tableSizeMin;
  while (names.length > tableSize * loadMax) tableSize *= 2;
  const bucketOf = (name: string): number => {
    const hash = javaHashCode(name);
    return (hash ^ (hash >>> 16)) & (tableSize - 1);
  };
  return names
    .map((name) => ({ name, bucket: bucketOf(name) }))
    .sort((one, other) => one.bucket - other.bucket)
    .map(({ name }) => name);
}
