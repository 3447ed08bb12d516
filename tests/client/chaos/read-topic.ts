import { Client, string } from "@millrace/client";

import { partitionCount } from "./events.ts";
import type { TopicValues } from "./log-judge.ts";

const lookEveryMs = 50;

/** Reads all committed records of a topic when nobody writes any more. */
export async function readTopic(bootstrap: string, topic: string): Promise<TopicValues> {
  await using client = new Client({ bootstrap, clientId: "judge" });
  await using consumer = client.consumer({ value: string, isolation: "read_committed" });
  const values: (string | undefined)[][] = Array.from({ length: partitionCount }, () => []);
  consumer.assign(values.map((_, partition) => ({ topic, partition, offset: 0 })));
  const end = new AbortController();
  const timer = setInterval(() => {
    if (consumer.lag().every(({ lag }) => lag === 0n)) end.abort();
  }, lookEveryMs);
  for await (const record of consumer.records({ signal: end.signal })) {
    const list = values[record.partition];
    if (list !== undefined) list[record.offsetNumber] = record.value ?? "";
  }
  clearInterval(timer);
  return values;
}
