/** Rows in which Millrace differs from Apache Kafka on purpose, with the reason. */
export const exceptions: ReadonlyMap<string, string> = new Map([]);
