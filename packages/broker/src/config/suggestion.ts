/**
 * Finds what was probably meant by a name that does not exist: the known name that the fewest
 * insertions, removals, replacements and swaps of neighbours lead to, if they are few enough.
 *
 * Example: "log.retention.hour" → "log.retention.hours".
 */
export function suggestName(name: string, known: Iterable<string>): string | undefined {
  const wanted = normalised(name);
  // A third of the letters may differ; beyond that a suggestion misleads.
  let fewestEdits = Math.min(MAX_EDITS, Math.floor(wanted.length / 3)) + 1;
  let nearest: string | undefined;
  for (const candidate of known) {
    const target = normalised(candidate);
    if (Math.abs(target.length - wanted.length) >= fewestEdits) continue;
    const edits = countEdits(wanted, target);
    if (edits >= fewestEdits) continue;
    fewestEdits = edits;
    nearest = candidate;
  }
  return nearest;
}

/** More mistakes than this in one name are another name. */
const MAX_EDITS = 5;

/** Underscores, dashes and capitals are taken for what Kafka would write. */
function normalised(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, ".");
}

/** The Damerau-Levenshtein distance (neighbours swapped count once). */
function countEdits(left: string, right: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const isSame = left[row - 1] === right[column - 1];
      const isSwap = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      let edits = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (isSame ? 0 : 1),
      );
      if (isSwap) edits = Math.min(edits, at(beforePrevious, column - 2) + 1);
      current.push(edits);
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, right.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
