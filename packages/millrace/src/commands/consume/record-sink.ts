import type { ConsumerRecord } from "@millrace/client";
import type { CommandContext } from "../../command.ts";
import { compileFilter, type RecordFilter } from "../../records/record-filter.ts";
import { runJq } from "../../records/run-jq.ts";
import { type OutputForm, recordWriter, type RecordWriter } from "../../records/record-writer.ts";
import type { ShownRecord } from "../../records/shown-record.ts";

/** What is shown, and how. */
export interface RecordSinkOptions {
  readonly form: OutputForm;
  /** No more than so many records; without an end when not given. */
  readonly recordCountMax: number | undefined;
  /** A JavaScript expression that a record must fulfil. */
  readonly filter: string | undefined;
  /** A jq program that makes lines of a record. */
  readonly jq: string | undefined;
}

/** Bytes are handed to the stream in pieces of this size, not record by record. */
const pieceSizeBytes = 64 * 1024;

/** Shows records on standard output, as fast as it takes them. */
export class RecordSink implements Disposable {
  readonly #context: CommandContext;
  readonly #options: RecordSinkOptions;
  readonly #writer: RecordWriter;
  readonly #filter: RecordFilter | undefined;
  #waiting: Buffer[] = [];
  #waitingSizeBytes = 0;
  #recordCount = 0;

  private constructor(
    context: CommandContext,
    options: RecordSinkOptions,
    filter: RecordFilter | undefined,
  ) {
    this.#context = context;
    this.#options = options;
    this.#filter = filter;
    this.#writer = recordWriter(options.form);
    if (this.#writer.head !== undefined) this.#keep(this.#writer.head);
  }

  /**
   * Makes a sink; filters are compiled here.
   * @throws UsageError when a format string or a filter is none
   */
  static async open(context: CommandContext, options: RecordSinkOptions): Promise<RecordSink> {
    const { filter: expression } = options;
    const filter = expression === undefined ? undefined : await compileFilter(expression);
    return new RecordSink(context, options, filter);
  }

  /** How many records it has shown. */
  get recordCount(): number {
    return this.#recordCount;
  }

  /** Whether it has shown as many as were wanted. */
  get isFull(): boolean {
    return this.#recordCount >= (this.#options.recordCountMax ?? Number.POSITIVE_INFINITY);
  }

  /**
   * Takes a record; one that the filter refuses does not count.
   * @returns a promise to await before the next, where the output is slow
   * @throws FilterError when the filter fails on it
   */
  show(record: ConsumerRecord): Promise<void> | undefined {
    const shown = shownRecord(record);
    if (this.#filter?.accepts(shown) === false) return undefined;
    this.#recordCount += 1;
    this.#keep(this.#writer.write(shown));
    return this.#waitingSizeBytes < pieceSizeBytes ? undefined : this.flush();
  }

  /** Hands everything so far to the output. */
  async flush(): Promise<void> {
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingSizeBytes = 0;
    if (bytes.length === 0) return;
    const { jq } = this.#options;
    const shown = jq === undefined ? bytes : await runJq(jq, bytes.toString());
    await this.#context.write(shown);
  }

  [Symbol.dispose](): void {
    this.#filter?.[Symbol.dispose]();
  }

  #keep(bytes: Buffer): void {
    this.#waiting.push(bytes);
    this.#waitingSizeBytes += bytes.length;
  }
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
