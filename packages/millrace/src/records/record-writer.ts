import { csvLine } from "../output/render-csv.ts";
import { compileFormat } from "./format-string.ts";
import { base64Prefix, type JsonPart, toPart, toRecordJson } from "./record-json.ts";
import type { ShownRecord } from "./shown-record.ts";

/** The form in which records go out. */
export type OutputForm =
  | { readonly kind: "value"; readonly hasKey: boolean; readonly delimiter: Buffer }
  | { readonly kind: "json"; readonly isValueJson: boolean }
  | { readonly kind: "csv" }
  | { readonly kind: "format"; readonly format: string };

/** Makes bytes of records. */
export interface RecordWriter {
  /** What stands before the first record. */
  readonly head: Buffer | undefined;
  /** Bytes of one record, its end included. */
  write(record: ShownRecord): Buffer;
}

/** Gives the writer of a form. @throws UsageError for a format string that is none. */
export function recordWriter(form: OutputForm): RecordWriter {
  switch (form.kind) {
    case "value":
      return { head: undefined, write: (record) => valueLine(record, form) };
    case "json":
      return {
        head: undefined,
        write: (record) =>
          Buffer.from(`${JSON.stringify(toRecordJson(record, form.isValueJson))}\n`),
      };
    case "csv":
      return { head: Buffer.from(csvLine(csvNames)), write: csvRecord };
    case "format":
      return { head: undefined, write: compileFormat(form.format) };
  }
}

const tab = Buffer.from("\t");
const nothing = Buffer.alloc(0);

function valueLine(record: ShownRecord, form: OutputForm & { readonly kind: "value" }): Buffer {
  const { key, value } = record;
  const head = form.hasKey ? [key ?? nothing, tab] : [];
  return Buffer.concat([...head, value ?? nothing, form.delimiter]);
}

const csvNames = ["topic", "partition", "offset", "timestamp", "key", "value", "headers"];

/** Bytes that are no text stand there as the JSON that `produce --csv` takes back. */
function csvRecord(record: ShownRecord): Buffer {
  const { topic, partition, offset, timestamp, headers } = toRecordJson(record, false);
  const parts = [textOf(toPart(record.key)), textOf(toPart(record.value))];
  const cells = [topic, partition, offset, timestamp, ...parts].map(String);
  return Buffer.from(csvLine([...cells, headers.length === 0 ? "" : JSON.stringify(headers)]));
}

function textOf(part: JsonPart): string {
  if (part === null) return "";
  if (typeof part !== "string") return JSON.stringify(part);
  // Text that looks like bytes in base64 is written as such, so that it comes back as it was.
  if (!part.startsWith(base64Prefix)) return part;
  return JSON.stringify({ base64: Buffer.from(part).toString("base64") });
}
