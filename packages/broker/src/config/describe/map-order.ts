import { javaHashCode } from "../../coordination/java-hash.ts";

/** How full the table of a Java map may be before it doubles. */
const loadMax = 0.75;

/**
 * Puts names in the order in which Apache Kafka answers them: that of a Java `HashMap` filled in
 * the order given. Nothing promises this order, but clients were written against it, and some
 * take the n-th configuration of an answer for a certain one.
 *
 * Example: retention.ms, cleanup.policy → cleanup.policy, retention.ms.
 */
export function inMapOrder(names: readonly string[]): readonly string[] {
  return byMapOrder(names, (name) => name);
}

/**
 * Puts what has a name in the order of a Java `HashMap` whose keys are the names.
 *
 * @param tableSizeMin what the map's table began with: 16 unless its maker gave a size.
 */
export function byMapOrder<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  tableSizeMin = 16,
): readonly Item[] {
  let tableSize = tableSizeMin;
  while (items.length > tableSize * loadMax) tableSize *= 2;
  const bucketOf = (item: Item): number => {
    const hash = javaHashCode(nameOf(item));
    return (hash ^ (hash >>> 16)) & (tableSize - 1);
  };
  return items
    .map((item) => ({ item, bucket: bucketOf(item) }))
    .sort((one, other) => one.bucket - other.bucket)
    .map(({ item }) => item);
}
