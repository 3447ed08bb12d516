import {
  DescribeProducers,
  errorCodes,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";
import type { ActiveProducer } from "@millrace/storage";

import { eachMay } from "./access.ts";
import type { Handler } from "./handler.ts";
import { answerEachPartition } from "./per-partition.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * DescribeProducers (key 61), version 0: the producers that the leader of a partition remembers.
 */
export const describeProducers: Handler<typeof DescribeProducers> = {
  api: DescribeProducers,
  versions: "0",
  handle,
};

type Response = ResponseInput<typeof DescribeProducers>;
type PartitionAnswer = Response["topics"][number]["partitions"][number];

async function handle(
  request: RequestOf<typeof DescribeProducers>,
  context: RequestContext,
): Promise<Response> {
  const mayRead = eachMay(context, "READ", "TOPIC");
  const asked = request.topics.map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes,
  }));
  const topics = await answerEachPartition(asked, (topic, partitionIndex): PartitionAnswer => {
    if (!mayRead(topic)) {
      const errorCode = errorCodes.TOPIC_AUTHORIZATION_FAILED;
      return { partitionIndex, errorCode, activeProducers: [] };
    }
    const partition = context.services.replicas.leader(context.image, topic, partitionIndex);
    if (typeof partition === "string") {
      return { partitionIndex, errorCode: errorCodes[partition], activeProducers: [] };
    }
    const activeProducers = partition.log.activeProducers().map(shape);
    return { partitionIndex, errorCode: errorCodes.NONE, activeProducers };
  });
  return { throttleTimeMs: 0, topics };
}

function shape(producer: ActiveProducer): PartitionAnswer["activeProducers"][number] {
  return {
    producerId: producer.producerId,
    producerEpoch: producer.producerEpoch,
    lastSequence: producer.lastSequence,
    lastTimestamp: producer.lastTimestampMs,
    coordinatorEpoch: producer.coordinatorEpoch,
    currentTxnStartOffset: producer.currentTransactionStartOffset,
  };
}
