import type { OffsetQuestion } from "@millrace/client";
import { settled } from "../../cluster/settled.ts";
import { partitionOf } from "../../cluster/group-lags.ts";
import type { Cli } from "../../tree/cli.ts";
import { UsageError } from "../../usage-error.ts";
import type { CatValues } from "./cat-values.ts";

/** kcat's `-Q`: offsets at times. */
export function queryOffsets(cli: Cli, values: CatValues): Promise<void> {
  const questions = (values.t ?? []).map(questionOf);
  if (questions.length === 0) throw new UsageError("cat: -Q takes -t topic:partition:milliseconds");
  return cli.withAdmin(async (admin) => {
    const found = settled(cli, await admin.listOffsets(questions)).map(([key, { offset }]) => ({
      ...partitionOf(key),
      offset: Number(offset),
    }));
    if (values.J !== true) {
      for (const { topic, partition, offset } of found) {
        cli.context.print(`${topic} [${partition}] offset ${offset}\n`);
      }
      return;
    }
    const topics: Record<string, Record<string, unknown>> = {};
    for (const { topic, partition, offset } of found) {
      topics[topic] = { ...(topics[topic] ?? { topic }), [partition]: { partition, offset } };
    }
    cli.context.print(JSON.stringify(topics));
  });
}

function questionOf(text: string): OffsetQuestion {
  const [, topic, partition, time] = /^(.+):(\d+):(-?\d+)$/u.exec(text) ?? [];
  if (topic === undefined) {
    throw new UsageError(`cat: -Q takes -t topic:partition:milliseconds, not "${text}"`);
  }
  const timestamp = Number(time);
  if (timestamp === -1) return { topic, partition: Number(partition), spec: "latest" };
  if (timestamp === -2) return { topic, partition: Number(partition), spec: "earliest" };
  return { topic, partition: Number(partition), spec: { timestamp } };
}
