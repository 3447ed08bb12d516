import { parse } from "csv-parse";
import { Readable } from "node:stream";
import { base64Prefix, fromRecordJson, RecordLineError } from "./record-json.ts";
import type { GivenRecord } from "./shown-record.ts";
import { splitLines } from "./split-lines.ts";

/** The form in which records come in. */
export type InputForm =
  /** Each line is a value, or a key and a value around a delimiter. */
  | {
      readonly kind: "lines";
      readonly delimiter: Buffer;
      readonly keyDelimiter: Buffer | undefined;
      /** An empty key or value is none. */
      readonly isEmptyNull: boolean;
    }
  /** The whole input is one value. */
  | { readonly kind: "whole" }
  /** NDJSON, as `consume --json` writes it. */
  | { readonly kind: "json" }
  /** CSV with a first line of names, as `consume --csv` writes it. */
  | { readonly kind: "csv" };

/**
 * Reads records from a stream of bytes, one after the other.
 * @throws RecordLineError that names the line.
 */
export async function* readRecords(
  input: AsyncIterable<Uint8Array>,
  form: InputForm,
): AsyncGenerator<GivenRecord> {
  if (form.kind === "whole") yield await readWhole(input);
  else if (form.kind === "csv") yield* readCsv(input);
  else if (form.kind === "json") yield* readJson(input);
  else yield* readLines(input, form);
}

async function readWhole(input: AsyncIterable<Uint8Array>): Promise<GivenRecord> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of input) chunks.push(chunk);
  return { key: null, value: Buffer.concat(chunks), headers: [] };
}

async function* readLines(
  input: AsyncIterable<Uint8Array>,
  form: InputForm & { readonly kind: "lines" },
): AsyncGenerator<GivenRecord> {
  for await (const line of splitLines(input, form.delimiter)) {
    const at = form.keyDelimiter === undefined ? -1 : line.indexOf(form.keyDelimiter);
    const key = at < 0 ? null : line.subarray(0, at);
    const value = at < 0 ? line : line.subarray(at + (form.keyDelimiter?.length ?? 0));
    yield {
      key: form.isEmptyNull ? noneIfEmpty(key) : key,
      value: form.isEmptyNull ? noneIfEmpty(value) : value,
      headers: [],
    };
  }
}

function noneIfEmpty(bytes: Buffer | null): Buffer | null {
  return bytes === null || bytes.length === 0 ? null : bytes;
}

async function* readJson(input: AsyncIterable<Uint8Array>): AsyncGenerator<GivenRecord> {
  let lineNumber = 0;
  for await (const bytes of splitLines(input, Buffer.from("\n"))) {
    lineNumber += 1;
    const line = bytes.toString().trim();
    if (line === "") continue;
    try {
      yield fromRecordJson(line);
    } catch (error) {
      if (!(error instanceof RecordLineError)) throw error;
      throw new RecordLineError(`line ${lineNumber}: ${error.message}`, { cause: error });
    }
  }
}

const csvNames = new Set(["topic", "partition", "offset", "timestamp", "key", "value", "headers"]);

async function* readCsv(input: AsyncIterable<Uint8Array>): AsyncGenerator<GivenRecord> {
  const parser = parse({ columns: true, skipEmptyLines: true, bom: true });
  const rows: AsyncIterable<Readonly<Record<string, string>>> = Readable.from(input).pipe(parser);
  let rowNumber = 0;
  for await (const row of rows) {
    rowNumber += 1;
    if (rowNumber === 1) checkNames(Object.keys(row));
    yield csvRecord(row, rowNumber);
  }
}

function checkNames(names: readonly string[]): void {
  const unknown = names.filter((name) => !csvNames.has(name));
  if (unknown.length === 0 && names.includes("value")) return;
  const wrong = unknown.length === 0 ? "there is no value" : `there is ${unknown.join(", ")}`;
  throw new RecordLineError(
    `the first line of CSV names columns among ${[...csvNames].join(", ")}: ${wrong}`,
  );
}

function csvRecord(row: Readonly<Record<string, string>>, rowNumber: number): GivenRecord {
  const { topic, partition, timestamp, key = "", value = "", headers = "" } = row;
  try {
    return fromRecordJson(
      JSON.stringify({
        ...(topic === undefined || topic === "" ? {} : { topic }),
        ...(partition === undefined || partition === "" ? {} : { partition: Number(partition) }),
        ...(timestamp === undefined || timestamp === "" ? {} : { timestamp: Number(timestamp) }),
        key: partOf(key),
        value: partOf(value),
        headers: headersOf(headers),
      }),
    );
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new RecordLineError(`row ${rowNumber}: ${said}`, { cause: error });
  }
}

function partOf(cell: string): unknown {
  if (cell === "") return null;
  return cell.startsWith(base64Prefix) ? JSON.parse(cell) : cell;
}

function headersOf(cell: string): unknown {
  return cell === "" ? [] : JSON.parse(cell);
}
