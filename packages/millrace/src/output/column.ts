/** One column of what a command shows. */
export interface Column<Row> {
  /** The heading, in capital letters: `PARTITIONS`. */
  readonly heading: string;
  readonly value: (row: Row) => Cell;
  /** Shown by `-o wide` and `-o csv` alone. */
  readonly isWide?: boolean;
  /** Numbers stand to the right. */
  readonly isNumber?: boolean;
}

/** What stands in a table: `undefined` and `null` are shown as `-`. */
export type Cell = string | number | bigint | boolean | null | undefined;

/** A cell as text. */
export function cellText(cell: Cell): string {
  return cell === undefined || cell === null || cell === "" ? "-" : String(cell);
}
