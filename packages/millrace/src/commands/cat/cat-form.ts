import type { ConsumerRecord } from "@millrace/client";
import { compileFormat, type FormatOptions } from "../../records/format-string.ts";
import type { ShownRecord } from "../../records/shown-record.ts";
import { unescapeText } from "../../records/unescape-text.ts";
import { compileUnpack } from "../../records/unpack-bytes.ts";
import type { CatValues } from "./cat-values.ts";

/** Gives the bytes of a record as kcat prints them. @throws UsageError for a format that is none */
export function catForm(
  values: CatValues,
  leaderOf: (record: ConsumerRecord) => number,
): (record: ConsumerRecord) => Buffer {
  if (values.J === true) return (record) => Buffer.from(catJson(record, leaderOf(record)));
  const options = formatOptions(values);
  if (values.f !== undefined) {
    const write = compileFormat(values.f, options);
    return (record) => write(shownRecord(record));
  }
  const end = unescapeText(values.D);
  const between = values.K === undefined ? undefined : unescapeText(values.K);
  const value = compileFormat("%s", options);
  const key = compileFormat("%k", options);
  return (record) => {
    const shown = shownRecord(record);
    const head = between === undefined ? [] : [key(shown), between];
    return Buffer.concat([...head, value(shown), end]);
  };
}

function formatOptions(values: CatValues): FormatOptions {
  let options: FormatOptions = values.Z === true ? { nullText: "NULL" } : {};
  for (const text of values.s ?? []) {
    const [, part, packString = ""] = /^(?:(key|value)=)?(.*)$/u.exec(text) ?? [];
    const show = compileUnpack(packString);
    if (part !== "value") options = { ...options, showKey: show };
    if (part !== "key") options = { ...options, showValue: show };
  }
  return options;
}

const timestampTypes = { create_time: "create", log_append_time: "logappend", none: "unknown" };

/** kcat's envelope: headers in a row, bytes as if they were text. */
function catJson(record: ConsumerRecord, broker: number): string {
  const { topic, partition, offset, timestampType, timestamp, keyBytes, valueBytes } = record;
  const headers = [...record.headers].flatMap(({ key, value }) => [key, value?.toString() ?? null]);
  const envelope = {
    topic,
    partition,
    offset: Number(offset),
    tstype: timestampTypes[timestampType],
    ts: timestamp,
    broker,
    ...(headers.length === 0 ? {} : { headers }),
    key: keyBytes?.toString() ?? null,
    payload: valueBytes?.toString() ?? null,
  };
  return `${JSON.stringify(envelope)}\n`;
}

function shownRecord(record: ConsumerRecord): ShownRecord {
  return {
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    timestamp: record.timestamp,
    timestampType: record.timestampType,
    key: record.keyBytes,
    value: record.valueBytes,
    get headers() {
      return [...record.headers].map(({ key, value }) => [key, value] as const);
    },
  };
}
