import { cellText, type Column } from "./column.ts";

const gap = "  ";

/** Rows in columns as wide as their longest cell, one line each, with a line of headings. */
export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  options: { readonly hasHeadings: boolean },
): string {
  const headings = columns.map(({ heading }) => heading);
  const body = rows.map((row) => columns.map((column) => cellText(column.value(row))));
  const lines = options.hasHeadings ? [headings, ...body] : body;
  const widths = columns.map((_, index) => widest(lines, index));
  return lines.map((cells) => `${line(cells, columns, widths)}\n`).join("");
}

function widest(lines: readonly (readonly string[])[], index: number): number {
  let width = 0;
  for (const cells of lines) width = Math.max(width, cells[index]?.length ?? 0);
  return width;
}

function line<Row>(
  cells: readonly string[],
  columns: readonly Column<Row>[],
  widths: readonly number[],
): string {
  const padded = cells.map((cell, index) => {
    const width = widths[index] ?? 0;
    return columns[index]?.isNumber === true ? cell.padStart(width) : cell.padEnd(width);
  });
  return padded.join(gap).trimEnd();
}
