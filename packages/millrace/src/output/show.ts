import { cellText, type Column } from "./column.ts";
import type { OutputFormat } from "./output-format.ts";
import { renderCsv } from "./render-csv.ts";
import { plainValue, renderJson } from "./render-json.ts";
import { renderTable } from "./render-table.ts";

/** How rows are shown. */
export interface ShowOptions<Row> {
  readonly columns: readonly Column<Row>[];
  readonly format: OutputFormat;
  readonly hasHeadings: boolean;
}

/**
 * Rows as the user wants to see them. `json` and `yaml` give every field of a row, whatever the
 * columns are; `name` gives the first column alone, for other commands to read.
 */
export async function renderRows<Row>(
  rows: readonly Row[],
  options: ShowOptions<Row>,
): Promise<string> {
  const { columns, format, hasHeadings } = options;
  switch (format) {
    case "table":
      return renderTable(
        rows,
        columns.filter(({ isWide }) => isWide !== true),
        { hasHeadings },
      );
    case "wide":
      return renderTable(rows, columns, { hasHeadings });
    case "csv":
      return renderCsv(rows, columns, { hasHeadings });
    case "json":
      return renderJson(rows);
    case "yaml":
      return renderYaml(rows);
    case "name":
      return rows.map((row) => `${cellText(columns[0]?.value(row))}\n`).join("");
  }
}

/** One thing as its fields: `json` and `yaml` as they are, else a line for each. */
export async function renderFields(
  value: unknown,
  fields: readonly (readonly [name: string, text: string])[],
  format: OutputFormat,
): Promise<string> {
  if (format === "json") return renderJson(value);
  if (format === "yaml") return renderYaml(value);
  const width = Math.max(0, ...fields.map(([name]) => name.length));
  return fields.map(([name, text]) => `${name.padEnd(width)}  ${text}\n`).join("");
}

async function renderYaml(value: unknown): Promise<string> {
  const { stringify } = await import("yaml");
  const plain: unknown = JSON.parse(JSON.stringify(value, plainValue));
  return stringify(plain);
}
