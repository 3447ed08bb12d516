import { readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { BatchCursor, batchHeader, readRecords } from "@millrace/protocol";
import { toRecordJson } from "../../records/record-json.ts";
import type { Cli } from "../../tree/cli.ts";
import { UsageError } from "../../usage-error.ts";
import { type BatchFacts, batchFacts } from "./batch-facts.ts";

/** The batches of a file, and what is wrong behind them. */
export interface SegmentFacts {
  readonly batches: readonly BatchFacts[];
  readonly failure: string | undefined;
}

/** Reads the batches of a segment file. @throws UsageError when it cannot be read */
export async function readBatches(path: string): Promise<SegmentFacts> {
  const buffer = await contentOf(path);
  const cursor = new BatchCursor(buffer);
  const batches: BatchFacts[] = [];
  let next = -1;
  while (cursor.next()) {
    const facts = batchFacts(buffer, cursor.position, 0);
    if (facts.baseOffset < next) {
      const failure = `offset ${facts.baseOffset} at byte ${facts.position} comes behind ${next - 1}`;
      return { batches, failure };
    }
    next = facts.lastOffset + 1;
    batches.push(facts);
  }
  return { batches, failure: failureAt(cursor) };
}

/** Prints a segment's records as NDJSON; markers of transactions are left out. */
export async function printRecords(cli: Cli, path: string): Promise<void> {
  const buffer = await contentOf(path);
  const { topic, partition } = logOf(path);
  const cursor = new BatchCursor(buffer);
  while (cursor.next()) {
    if (isControl(buffer, cursor.position)) continue;
    const lines: string[] = [];
    for (const record of readRecords(buffer, cursor.position)) {
      const shown = {
        ...record,
        topic,
        partition,
        offset: BigInt(record.offset),
        timestampType: "create_time" as const,
        headers: record.headers.map(({ key, value }) => [key, value] as const),
      };
      lines.push(`${JSON.stringify(toRecordJson(shown, false))}\n`);
    }
    await cli.context.write(Buffer.from(lines.join("")));
  }
  const failure = failureAt(cursor);
  if (failure !== undefined) cli.failed(path, new Error(failure));
}

function isControl(buffer: Buffer, position: number): boolean {
  if (batchHeader.magic(buffer, position) < batchHeader.CURRENT_MAGIC) return false;
  const attributes = buffer.readInt16BE(position + batchHeader.fieldPositions.attributes);
  return (attributes & batchHeader.attributeBits.control) !== 0;
}

function failureAt({ stop, position }: BatchCursor): string | undefined {
  if (stop === "partial") return `the batch at byte ${position} is not all there`;
  return stop === "corrupt" ? `there is no batch at byte ${position}` : undefined;
}

/** A log's folder bears its topic and partition: `orders-0`. */
function logOf(path: string): { readonly topic: string; readonly partition: number } {
  const name = basename(dirname(path));
  const [, topic = name, partition = "0"] = /^(.+)-(\d+)$/u.exec(name) ?? [];
  return { topic, partition: Number(partition) };
}

async function contentOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`log: ${path} cannot be read: ${said}`, { cause });
  }
}
