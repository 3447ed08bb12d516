import type { Shape } from "./sample-value.ts";

/** The bytes that Kafka's own class writes for a sample value. */
export interface GoldenRow {
  readonly version: number;
  readonly shape: Shape;
  readonly hex: string;
}

/** Gives the name of a message's file in test/golden. */
export function goldenFile(messageName: string): string {
  return `${messageName}.hex`;
}

/** Reads a file of golden bytes: a version, a shape and the bytes in each line. */
export function readGolden(text: string): readonly GoldenRow[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => {
      const [version, shape, hex = ""] = line.split(" ");
      return { version: Number(version), shape: shape as Shape, hex };
    });
}

/** Writes the file that readGolden reads. */
export function writeGolden(rows: readonly GoldenRow[]): string {
  return rows.map(({ version, shape, hex }) => `${version} ${shape} ${hex}\n`).join("");
}
