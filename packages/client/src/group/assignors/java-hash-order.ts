/** Java's `String.hashCode`, as a signed 32-bit number. */
export function javaStringHash(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index += 1) {
    hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  }
  return hash;
}

/** A table of Java's begins with so many buckets … */
const capacityMin = 16;
/** … and doubles when it is fuller than this. */
const loadFactor = 0.75;

/**
 * Gives items in the order in which Java's HashMap of at most `countMax` entries walks through
 * them: by bucket, and in a bucket as they came.
 *
 * Apache Kafka's sticky assignors look at members in that order, so who keeps one partition more
 * than the others depends on it.
 */
export function inJavaHashOrder<T>(
  items: Iterable<T>,
  hashOf: (item: T) => number,
  countMax?: number,
): readonly T[] {
  const list = [...items];
  let capacity = capacityMin;
  while ((countMax ?? list.length) > capacity * loadFactor) capacity *= 2;
  const bucketOf = (item: T): number => {
    const hash = hashOf(item);
    return (hash ^ (hash >>> 16)) & (capacity - 1);
  };
  return list
    .map((item) => ({ item, bucket: bucketOf(item) }))
    .sort((left, right) => left.bucket - right.bucket)
    .map(({ item }) => item);
}
