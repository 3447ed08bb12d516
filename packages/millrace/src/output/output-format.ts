/** How a command shows what it found. */
export const outputFormats = ["table", "wide", "json", "yaml", "csv", "name"] as const;

/** One of them. */
export type OutputFormat = (typeof outputFormats)[number];
