import assert from "node:assert/strict";

import { SaslConnection } from "@millrace/conformance/harness";
import { CreateTopics, DeleteRecords, errorCodes } from "@millrace/protocol";

import { type ClientBroker, uniqueName } from "../src/index.ts";

/** Creates a topic of a name of its own, by a plain request. */
export async function createTopic(
  broker: ClientBroker,
  options: {
    readonly partitions?: number;
    readonly name?: string;
    readonly configs?: Readonly<Record<string, string>>;
  } = {},
): Promise<string> {
  const name = options.name ?? uniqueName("consumed");
  const configs = Object.entries(options.configs ?? {}).map(([key, value]) => ({
    name: key,
    value,
  }));
  using connection = await SaslConnection.open(Number(broker.bootstrap.split(":")[1]));
  const { topics } = await connection.ask(CreateTopics, 7, {
    topics: [
      {
        name,
        numPartitions: options.partitions ?? 1,
        replicationFactor: 1,
        assignments: [],
        configs,
      },
    ],
    timeoutMs: 10_000,
    validateOnly: false,
  });
  assert.equal(topics[0]?.errorCode, errorCodes.NONE, topics[0]?.errorMessage ?? "");
  return name;
}

/** Deletes the records of partition 0 before an offset. */
export async function deleteRecords(
  broker: ClientBroker,
  topic: string,
  offset: number,
): Promise<void> {
  using connection = await SaslConnection.open(Number(broker.bootstrap.split(":")[1]));
  const { topics } = await connection.ask(DeleteRecords, 2, {
    topics: [{ name: topic, partitions: [{ partitionIndex: 0, offset }] }],
    timeoutMs: 10_000,
  });
  assert.equal(topics[0]?.partitions[0]?.errorCode, errorCodes.NONE);
}
