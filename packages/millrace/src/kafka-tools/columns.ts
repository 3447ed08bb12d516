/**
 * Writes rows as Java's `%-15s` does: each column as wide as said, one blank between, the last one
 * as it is where it has no width.
 */
export function paddedRow(cells: readonly string[], widths: readonly number[]): string {
  return cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(" ");
}

/** The width of a column: at least so wide, and as wide as its longest cell. */
export function columnWidth(least: number, cells: Iterable<string>): number {
  let width = least;
  for (const cell of cells) width = Math.max(width, cell.length);
  return width;
}
