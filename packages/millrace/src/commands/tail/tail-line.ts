import type { ConsumerRecord } from "@millrace/client";

/** What a line shows of a record. */
export type TailRecord = Pick<ConsumerRecord, "topic" | "partition" | "keyBytes" | "valueBytes">;

/** Colours of a terminal that can be read on light and on dark ground. */
const colours = [36, 33, 32, 35, 34, 31];

/** One line: `topic/partition`, the key if it is wanted, the value. */
export function tailLine(
  { topic, partition, keyBytes, valueBytes }: TailRecord,
  options: { readonly isColoured: boolean; readonly hasKey: boolean },
): Buffer {
  const place = `${topic}/${partition}`;
  const head = options.isColoured
    ? `\u001B[${colours[hash(place) % colours.length]}m${place}\u001B[0m`
    : place;
  const key = options.hasKey ? [keyBytes ?? Buffer.from("-"), Buffer.from(" ")] : [];
  const value = valueBytes ?? Buffer.alloc(0);
  return Buffer.concat([Buffer.from(`${head} `), ...key, value, Buffer.from("\n")]);
}

/** A partition keeps its colour. */
function hash(text: string): number {
  let sum = 0;
  for (const letter of text) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return sum;
}
