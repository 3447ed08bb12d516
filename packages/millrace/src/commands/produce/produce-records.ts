import { createReadStream } from "node:fs";
import type { ProducerRecord, Transaction } from "@millrace/client";
import { InterruptedError } from "../../interrupted-error.ts";
import { type InputForm, readRecords } from "../../records/read-records.ts";
import type { GivenRecord } from "../../records/shown-record.ts";
import { unescapeText } from "../../records/unescape-text.ts";
import type { Cli } from "../../tree/cli.ts";
import { UsageError } from "../../usage-error.ts";
import { Pace } from "./pace.ts";

/** What `millrace produce` was told. */
export interface ProduceValues {
  readonly topic: string;
  readonly files: readonly string[];
  readonly value?: readonly string[] | undefined;
  readonly key?: string | undefined;
  readonly keyDelimiter?: string | undefined;
  readonly delimiter: string;
  readonly emptyAsNull?: true | undefined;
  readonly whole?: true | undefined;
  readonly json?: true | undefined;
  readonly csv?: true | undefined;
  readonly header?: readonly string[] | undefined;
  readonly partition?: number | undefined;
  readonly keepPartitions?: true | undefined;
  readonly compression: "none" | "gzip" | "snappy" | "lz4" | "zstd";
  readonly acks: "all" | "1" | "0";
  readonly transactional?: string | undefined;
  readonly rate?: number | undefined;
}

type BytesRecord = ProducerRecord<Uint8Array | null, Uint8Array | null>;

/** Where records are put: a producer, or a transaction of one. */
type Put = (record: BytesRecord) => Promise<unknown> | undefined;

interface RecordHeader {
  readonly key: string;
  readonly value: Buffer | null;
}

/** Produces what the command line, the files or standard input give. */
export async function produceRecords(cli: Cli, values: ProduceValues): Promise<void> {
  const form = formOf(values);
  const feed = new Feed(cli, values);
  const recordCount = await cli.withClient(async (client) => {
    await using producer = client.producer({
      acks: acksOf(values.acks),
      compression: values.compression,
      ...(values.transactional === undefined ? {} : { transactionalId: values.transactional }),
    });
    const records = sources(cli, values, form);
    if (values.transactional !== undefined) {
      return await producer.transaction((transaction) => feed.runWhole(records, transaction));
    }
    const sentCount = await feed.run(records, (record) => producer.enqueue(record));
    await producer.flush();
    return sentCount;
  });
  if (cli.context.terminal.isErrorTerminal) cli.note(`${recordCount} records`);
}

function acksOf(acks: ProduceValues["acks"]): "all" | 0 | 1 {
  if (acks === "all") return "all";
  return acks === "1" ? 1 : 0;
}

function formOf(values: ProduceValues): InputForm {
  const { json, csv, whole } = values;
  const forms = [json, csv, whole].filter((one) => one === true);
  if (forms.length > 1) throw new UsageError("produce: choose one of --json, --csv, --whole");
  if (json === true) return { kind: "json" };
  if (csv === true) return { kind: "csv" };
  if (whole === true) return { kind: "whole" };
  const delimiter = unescapeText(values.delimiter);
  if (delimiter.length === 0) throw new UsageError("produce: -D takes at least one character");
  const keyDelimiter =
    values.keyDelimiter === undefined ? undefined : unescapeText(values.keyDelimiter);
  return { kind: "lines", delimiter, keyDelimiter, isEmptyNull: values.emptyAsNull === true };
}

function parseHeader(text: string): RecordHeader {
  const at = text.indexOf("=");
  if (at > 0) return { key: text.slice(0, at), value: Buffer.from(text.slice(at + 1)) };
  throw new UsageError(`produce: -H takes name=value, as in -H trace=42, not "${text}"`);
}

async function* sources(
  cli: Cli,
  values: ProduceValues,
  form: InputForm,
): AsyncGenerator<GivenRecord> {
  if (values.value !== undefined) {
    for (const text of values.value) yield { key: null, value: Buffer.from(text), headers: [] };
    return;
  }
  if (values.files.length === 0) yield* readRecords(cli.context.input, form);
  for (const path of values.files) yield* readRecords(openFile(path), form);
}

async function* openFile(path: string): AsyncGenerator<Uint8Array> {
  const stream: AsyncIterable<Uint8Array> = createReadStream(path);
  try {
    yield* stream;
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`produce: ${path} cannot be read: ${said}`, { cause });
  }
}

/** Hands records on, at the pace that is wanted, until there are no more or it is interrupted. */
class Feed {
  readonly #values: ProduceValues;
  readonly #headers: readonly RecordHeader[];
  readonly #signal: AbortSignal;
  readonly #pace: Pace | undefined;

  constructor(cli: Cli, values: ProduceValues) {
    this.#values = values;
    this.#headers = (values.header ?? []).map(parseHeader);
    this.#signal = cli.context.interruption();
    this.#pace = values.rate === undefined ? undefined : new Pace(cli.context.clock, values.rate);
  }

  /** @returns how many there were */
  async run(records: AsyncIterable<GivenRecord>, put: Put): Promise<number> {
    let recordCount = 0;
    for await (const record of records) {
      if (this.#signal.aborted) break;
      const wait = put(this.#completed(record));
      recordCount += 1;
      if (wait !== undefined) await wait;
      await this.#pace?.next(this.#signal);
    }
    return recordCount;
  }

  /**
   * The same within a transaction, whole or not at all.
   * @throws InterruptedError when it was interrupted
   */
  async runWhole(records: AsyncIterable<GivenRecord>, transaction: Transaction): Promise<number> {
    const recordCount = await this.run(records, (record) => transaction.enqueue(record));
    if (!this.#signal.aborted) return recordCount;
    throw new InterruptedError("interrupted before the end: the transaction is aborted");
  }

  #completed(record: GivenRecord): BytesRecord {
    const { topic, key, partition, keepPartitions } = this.#values;
    const headers = record.headers.map(([name, value]) => ({ key: name, value }));
    return {
      topic,
      key: record.key ?? (key === undefined ? null : Buffer.from(key)),
      value: record.value,
      headers: [...this.#headers, ...headers],
      partition: partition ?? (keepPartitions === true ? record.partition : undefined),
      timestamp: record.timestamp,
    };
  }
}
