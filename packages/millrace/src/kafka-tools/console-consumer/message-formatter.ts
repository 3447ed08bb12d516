import type { ToolProperties } from "../open-client.ts";
import { deserializerOf, type TextOf } from "./deserializers.ts";

/** What a formatter shows of a record. */
export interface ShownRecord {
  readonly timestampType: "create_time" | "log_append_time" | "none";
  readonly timestamp: number;
  readonly partition: number;
  readonly offset: bigint;
  readonly deliveryCount?: number | undefined;
  readonly leaderEpoch?: number | undefined;
  readonly headers: Iterable<{ readonly key: string; readonly value: Buffer | null }>;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

/** Makes the bytes that are written for a record. */
export type MessageFormatter = (record: ShownRecord) => Buffer;

interface Form {
  readonly shown: ReadonlySet<string>;
  readonly keySeparator: string;
  readonly lineSeparator: string;
  readonly headersSeparator: string;
  readonly nullLiteral: Buffer;
  readonly keyText: TextOf | undefined;
  readonly valueText: TextOf | undefined;
  readonly headersText: TextOf | undefined;
}

const columns = [
  "timestamp",
  "partition",
  "offset",
  "delivery",
  "epoch",
  "headers",
  "key",
  "value",
] as const;

/** Shows no record at all. */
export const noOpFormatter: MessageFormatter = () => Buffer.alloc(0);

/**
 * Makes Kafka's DefaultMessageFormatter of its properties.
 * @param complain hears of deserializers that are not known; then bytes are shown as they are
 */
export function defaultFormatter(
  properties: ToolProperties,
  complain: (message: string) => void,
): MessageFormatter {
  const form = formOf(properties, complain);
  return (record) => format(form, record);
}

function formOf(properties: ToolProperties, complain: (message: string) => void): Form {
  const shown = columns.filter((column) => {
    const text = properties[`print.${column}`];
    return text === undefined ? column === "value" : text.trim().toLowerCase() === "true";
  });
  const deserializer = (name: string): TextOf | undefined => {
    const className = properties[name];
    if (className === undefined) return undefined;
    const found = deserializerOf(className);
    if (found === undefined) complain(`Unable to instantiate a deserializer from ${className}`);
    return found;
  };
  return {
    shown: new Set(shown),
    keySeparator: properties["key.separator"] ?? "\t",
    lineSeparator: properties["line.separator"] ?? "\n",
    headersSeparator: properties["headers.separator"] ?? ",",
    nullLiteral: Buffer.from(properties["null.literal"] ?? "null"),
    keyText: deserializer("key.deserializer"),
    valueText: deserializer("value.deserializer"),
    headersText: deserializer("headers.deserializer"),
  };
}

function format(form: Form, record: ShownRecord): Buffer {
  const cells = columns
    .filter((column) => form.shown.has(column))
    .map((column) => cellOf(form, record, column));
  const chunks = cells.flatMap((cell, index) => {
    const isLast = index === cells.length - 1;
    return [cell, Buffer.from(isLast ? form.lineSeparator : form.keySeparator)];
  });
  return Buffer.concat(chunks);
}

function cellOf(form: Form, record: ShownRecord, column: (typeof columns)[number]): Buffer {
  switch (column) {
    case "timestamp":
      return Buffer.from(timestampText(record));
    case "partition":
      return Buffer.from(`Partition:${record.partition}`);
    case "offset":
      return Buffer.from(`Offset:${record.offset}`);
    case "delivery":
      return Buffer.from(`Delivery:${record.deliveryCount ?? "NOT_PRESENT"}`);
    case "epoch":
      return Buffer.from(`Epoch:${record.leaderEpoch ?? "NOT_PRESENT"}`);
    case "headers":
      return headersCell(form, record);
    case "key":
      return textOf(form, form.keyText, record.key);
    case "value":
      return textOf(form, form.valueText, record.value);
  }
}

const timestampNames = { create_time: "CreateTime", log_append_time: "LogAppendTime" } as const;

function timestampText({ timestampType, timestamp }: ShownRecord): string {
  if (timestampType === "none") return "NO_TIMESTAMP";
  return `${timestampNames[timestampType]}:${timestamp}`;
}

function headersCell(form: Form, record: ShownRecord): Buffer {
  const cells = [...record.headers].map(({ key, value }) =>
    Buffer.concat([Buffer.from(`${key}:`), textOf(form, form.headersText, value)]),
  );
  if (cells.length === 0) return Buffer.from("NO_HEADERS");
  const separator = Buffer.from(form.headersSeparator);
  return Buffer.concat(cells.flatMap((cell, index) => (index === 0 ? [cell] : [separator, cell])));
}

/** What is null goes through the deserializer as the literal does: so Kafka's has it. */
function textOf(form: Form, text: TextOf | undefined, bytes: Buffer | null): Buffer {
  const given = bytes ?? form.nullLiteral;
  return text === undefined ? given : Buffer.from(text(given));
}
