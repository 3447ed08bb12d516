import { KafkaError } from "../errors/kafka-error.ts";

/**
 * Refuses keys that an options object does not have, naming the nearest one.
 * @param what whose options they are: "producer"
 * @throws KafkaError INVALID_OPTION
 */
export function checkKeys(given: object, known: ReadonlySet<string>, what: string): void {
  for (const key of Object.keys(given)) {
    if (known.has(key)) continue;
    const nearest = nearestOf(key, known);
    const hint = nearest === undefined ? "Look at its options." : `Did you mean ${nearest}?`;
    throw new KafkaError("INVALID_OPTION", `${what} has no option ${key}`, { hint });
  }
}

/** The known name that is written most alike, if any is near. */
export function nearestOf(key: string, known: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let nearestDistance = Math.max(2, Math.floor(key.length / 3)) + 1;
  for (const one of known) {
    const distance = editDistance(key.toLowerCase(), one.toLowerCase());
    if (distance >= nearestDistance) continue;
    nearestDistance = distance;
    nearest = one;
  }
  return nearest;
}

/** How many letters have to be put in, taken out or changed (Levenshtein). */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const change = left[row - 1] === right[column - 1] ? 0 : 1;
      current.push(
        Math.min(
          (previous[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (previous[column - 1] ?? 0) + change,
        ),
      );
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
