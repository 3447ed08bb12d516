import type { ProducerRecord } from "@millrace/client";
import { ToolFailure } from "../tool-errors.ts";
import type { ToolProperties } from "../open-client.ts";

/** How lines become records: the reader's properties. */
export interface LineForm {
  readonly topic: string;
  readonly hasKey: boolean;
  readonly hasHeaders: boolean;
  readonly isErrorIgnored: boolean;
  readonly keySeparator: string;
  readonly headersDelimiter: string;
  readonly headersSeparator: string;
  readonly headersKeySeparator: string;
  readonly nullMarker: string | undefined;
}

type Header = { readonly key: string; readonly value: string | null };
type LineRecord = ProducerRecord<Uint8Array | null, Uint8Array | null>;

/** Reads the properties of Kafka's LineMessageReader. @throws ToolFailure */
export function lineForm(topic: string, properties: ToolProperties): LineForm {
  const isTrue = (name: string): boolean => properties[name]?.trim().toLowerCase() === "true";
  const form = {
    topic,
    hasKey: isTrue("parse.key"),
    hasHeaders: isTrue("parse.headers"),
    isErrorIgnored: isTrue("ignore.error"),
    keySeparator: properties["key.separator"] ?? "\t",
    headersDelimiter: properties["headers.delimiter"] ?? "\t",
    headersSeparator: properties["headers.separator"] ?? ",",
    headersKeySeparator: properties["headers.key.separator"] ?? ":",
    nullMarker: properties["null.marker"],
  };
  checkDifferent(form);
  return form;
}

function checkDifferent(form: LineForm): void {
  const { headersDelimiter, headersSeparator, headersKeySeparator, keySeparator } = form;
  const pairs: readonly (readonly [string, string, string, string | undefined])[] = [
    ["headers.delimiter", headersDelimiter, "headers.separator", headersSeparator],
    ["headers.delimiter", headersDelimiter, "headers.key.separator", headersKeySeparator],
    ["headers.separator", headersSeparator, "headers.key.separator", headersKeySeparator],
    ["null.marker", keySeparator, "key.separator", form.nullMarker],
    ["null.marker", headersSeparator, "headers.separator", form.nullMarker],
    ["null.marker", headersDelimiter, "headers.delimiter", form.nullMarker],
    ["null.marker", headersKeySeparator, "headers.key.separator", form.nullMarker],
  ];
  for (const [left, leftValue, right, rightValue] of pairs) {
    if (leftValue !== rightValue) continue;
    throw new ToolFailure(`${left} and ${right} may not be equal`);
  }
}

/** Makes a record of a line. @throws ToolFailure in the words of Kafka's reader. */
export function recordOfLine(form: LineForm, line: string, lineNumber: number): LineRecord {
  const place = { form, line, lineNumber };
  const headers = form.hasHeaders
    ? cut(place, { start: 0, separator: form.headersDelimiter, name: "headers delimiter" })
    : undefined;
  const headersEnd = headers === undefined ? 0 : headers.length + form.headersDelimiter.length;
  const key = form.hasKey
    ? cut(place, { start: headersEnd, separator: form.keySeparator, name: "key separator" })
    : undefined;
  const keyEnd = headersEnd + (key === undefined ? 0 : key.length + form.keySeparator.length);
  const isWithHeaders = headers !== undefined && headers !== form.nullMarker;
  return {
    topic: form.topic,
    key: bytesOf(key, form.nullMarker),
    value: bytesOf(line.slice(keyEnd), form.nullMarker),
    headers: isWithHeaders ? headersOf(place, headers) : [],
  };
}

interface LinePlace {
  readonly form: LineForm;
  readonly line: string;
  readonly lineNumber: number;
}

function cut(
  { form, line, lineNumber }: LinePlace,
  part: { readonly start: number; readonly separator: string; readonly name: string },
): string | undefined {
  const at = line.indexOf(part.separator, part.start);
  if (at >= 0) return line.slice(part.start, at);
  if (form.isErrorIgnored) return undefined;
  throw new ToolFailure(`No ${part.name} found on line number ${lineNumber}: '${line}'`);
}

function bytesOf(text: string | undefined, nullMarker: string | undefined): Buffer | null {
  return text === undefined || text === nullMarker ? null : Buffer.from(text);
}

function headersOf({ form, lineNumber }: LinePlace, text: string): readonly Header[] {
  const pairs = text.split(new RegExp(form.headersSeparator, "u"));
  // Java's split leaves empty ones at the end out.
  while (pairs.length > 1 && pairs.at(-1) === "") pairs.pop();
  return pairs.map((pair): Header => {
    const at = pair.indexOf(form.headersKeySeparator);
    if (at < 0) {
      if (form.isErrorIgnored) return { key: pair, value: null };
      const said = `No header key separator found in pair '${pair}' on line number ${lineNumber}`;
      throw new ToolFailure(said);
    }
    const key = pair.slice(0, at);
    if (key === form.nullMarker) {
      throw new ToolFailure(
        `Header keys should not be equal to the null marker '${form.nullMarker}' ` +
          "as they can't be null",
      );
    }
    const value = pair.slice(at + form.headersKeySeparator.length);
    return { key, value: value === form.nullMarker ? null : value };
  });
}
