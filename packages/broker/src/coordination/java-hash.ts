/**
 * Java's String.hashCode: which partition of an internal topic a group or a transaction belongs to
 * rests on it.
 */
export function javaHashCode(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) {
    hash = (Math.imul(31, hash) + text.charCodeAt(index)) | 0;
  }
  return hash;
}

/** The partition of an internal topic that a key belongs to. */
export function partitionForKey(key: string, partitionCount: number): number {
  const hash = javaHashCode(key);
  // Of the smallest integer there is no absolute value; Kafka takes 0 for it.
  return hash === -0x80000000 ? 0 : Math.abs(hash) % partitionCount;
}
