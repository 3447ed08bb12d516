import type { Cell, Column } from "./column.ts";

/** Rows as RFC 4180 says, with `\n` at each end of line; an absent cell is empty. */
export function renderCsv<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  options: { readonly hasHeadings: boolean },
): string {
  const headings = columns.map(({ heading }) => heading.toLowerCase());
  const body = rows.map((row) => columns.map((column) => plain(column.value(row))));
  const lines = options.hasHeadings ? [headings, ...body] : body;
  return lines.map((cells) => csvLine(cells)).join("");
}

/** One line of CSV. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(quoted).join(",")}\n`;
}

function plain(cell: Cell): string {
  return cell === undefined || cell === null ? "" : String(cell);
}

function quoted(text: string): string {
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
