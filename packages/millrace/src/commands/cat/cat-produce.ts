import { createReadStream } from "node:fs";
import { splitLines } from "../../records/split-lines.ts";
import { unescapeText } from "../../records/unescape-text.ts";
import type { Cli } from "../../tree/cli.ts";
import { UsageError } from "../../usage-error.ts";
import type { CatValues } from "./cat-values.ts";

const codecs = ["none", "gzip", "snappy", "lz4", "zstd"] as const;

interface CatRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

/** kcat's `-P`: lines of standard input, or files as they are. */
export async function catProduce(
  cli: Cli,
  topic: string,
  files: readonly string[],
  values: CatValues,
): Promise<void> {
  const compression = codecs.find((one) => one === (values.z ?? "none"));
  if (compression === undefined) throw new UsageError(`cat: -z takes ${codecs.join(", ")}`);
  if (values.l === true && files.length > 1) throw new UsageError("cat: -l takes one file");
  const headers = (values.H ?? []).map(headerOf);
  const partition = values.p === undefined || values.p === "-1" ? undefined : Number(values.p);
  const end = unescapeText(values.D);
  await cli.withClient(async (client) => {
    await using producer = client.producer({ compression });
    let recordCount = 0;
    for await (const { key, value } of recordsOf(cli, files, values)) {
      const wait = producer.enqueue({ topic, partition, key, value, headers });
      if (wait !== undefined) await wait;
      if (values.T === true)
        await cli.context.write(Buffer.concat([value ?? Buffer.alloc(0), end]));
      recordCount += 1;
      if (recordCount >= (values.c ?? Number.POSITIVE_INFINITY)) break;
    }
    await producer.flush();
  });
}

async function* recordsOf(
  cli: Cli,
  files: readonly string[],
  values: CatValues,
): AsyncGenerator<CatRecord> {
  if (files.length === 0) yield* linesOf(cli.context.input, values);
  else if (values.l === true) yield* linesOf(open(files[0] ?? ""), values);
  else for (const path of files) yield await wholeOf(path, values);
}

async function* linesOf(
  input: AsyncIterable<Uint8Array>,
  values: CatValues,
): AsyncGenerator<CatRecord> {
  const between = values.K === undefined ? undefined : unescapeText(values.K);
  for await (const line of splitLines(input, unescapeText(values.D))) {
    // kcat leaves out lines without anything, with -Z too.
    if (line.length === 0) continue;
    const at = between === undefined ? -1 : line.indexOf(between);
    const key = at < 0 ? fixedKey(values) : line.subarray(0, at);
    const value = at < 0 ? line : line.subarray(at + (between?.length ?? 0));
    yield { key: noneOf(key, values), value: noneOf(value, values) };
  }
}

async function wholeOf(path: string, values: CatValues): Promise<CatRecord> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of open(path)) chunks.push(chunk);
  return { key: fixedKey(values), value: noneOf(Buffer.concat(chunks), values) };
}

function fixedKey({ k }: CatValues): Buffer | null {
  return k === undefined ? null : Buffer.from(k);
}

function noneOf(bytes: Buffer | null, { Z: isEmptyNull }: CatValues): Buffer | null {
  return isEmptyNull === true && bytes?.length === 0 ? null : bytes;
}

async function* open(path: string): AsyncGenerator<Uint8Array> {
  const stream: AsyncIterable<Uint8Array> = createReadStream(path);
  try {
    yield* stream;
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`cat: ${path} cannot be read: ${said}`, { cause });
  }
}

function headerOf(text: string): { readonly key: string; readonly value: Buffer | null } {
  const at = text.indexOf("=");
  if (at < 0) return { key: text, value: null };
  return { key: text.slice(0, at), value: Buffer.from(text.slice(at + 1)) };
}
