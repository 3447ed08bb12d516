import type { PartitionsByTopic } from "@millrace/coordinators";
import {
  AddPartitionsToTxn,
  errorCodes,
  type ErrorName,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { eachMay, may, mayCluster } from "./access.ts";
import type { Handler } from "./handler.ts";
import { fencingFor } from "./producer-fencing.ts";
import type { RequestContext } from "./request-context.ts";
import { isInternalTopic } from "./topic-names.ts";

/**
 * AddPartitionsToTxn (key 24), versions 0-5: partitions become part of a transaction.
 * - v0-3: from clients, one transaction; all of its partitions are added or none.
 * - v4: from brokers, many transactions, which may ask for a verification alone (KIP-890).
 * - v5: TRANSACTION_ABORTABLE may be answered.
 */
export const addPartitionsToTxn: Handler<typeof AddPartitionsToTxn> = {
  api: AddPartitionsToTxn,
  versions: "0-5",
  handle,
};

type Request = RequestOf<typeof AddPartitionsToTxn>;
type Response = ResponseInput<typeof AddPartitionsToTxn>;
type Topics = Request["v3AndBelowTopics"];
type TopicResults = NonNullable<Response["resultsByTopicV3AndBelow"]>;

/** One transaction of any version's request. */
interface AskedTransaction {
  readonly transactionalId: string;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly verifyOnly: boolean;
  readonly topics: Topics;
}

async function handle(request: Request, context: RequestContext): Promise<Response> {
  if (context.apiVersion >= 4) {
    if (!mayCluster(context, "CLUSTER_ACTION")) {
      const errorCode = errorCodes.CLUSTER_AUTHORIZATION_FAILED;
      return { throttleTimeMs: 0, errorCode, resultsByTransaction: [] };
    }
    const results = request.transactions.map(async (transaction) => ({
      transactionalId: transaction.transactionalId,
      topicResults: await answer(transaction, context),
    }));
    return { throttleTimeMs: 0, resultsByTransaction: await Promise.all(results) };
  }
  const topicResults = await answer(
    {
      transactionalId: request.v3AndBelowTransactionalId,
      producerId: request.v3AndBelowProducerId,
      producerEpoch: request.v3AndBelowProducerEpoch,
      verifyOnly: false,
      topics: request.v3AndBelowTopics,
    },
    context,
  );
  return { throttleTimeMs: 0, resultsByTopicV3AndBelow: topicResults };
}

async function answer(asked: AskedTransaction, context: RequestContext): Promise<TopicResults> {
  const forbidden = refusalOf(asked, context);
  if (forbidden !== undefined) return forbidden;
  const missing = missingPartitions(asked.topics, context);
  if (missing.length > 0) {
    const gone = new Set(missing);
    return shape(asked.topics, (topic, partition) =>
      gone.has(`${topic}/${partition}`) ? "UNKNOWN_TOPIC_OR_PARTITION" : "OPERATION_NOT_ATTEMPTED",
    );
  }
  if (asked.verifyOnly) return verify(asked, context);
  const { transactionalId, producerId, producerEpoch } = asked;
  const { error } = await context.services.transactions.submit(transactionalId, {
    kind: "add-partitions",
    transactionalId,
    producerId,
    producerEpoch,
    partitions: byTopic(asked.topics),
    // KIP-890: only what speaks version 5 may count on an epoch bump at the end.
    clientTransactionVersion: context.apiVersion >= 5 ? 2 : 0,
  });
  const known = fencingFor(error, context.apiVersion, 2);
  return shape(asked.topics, () => known);
}

/** Before version 4 a client asks, and must be allowed; later versions come from brokers. */
function refusalOf(asked: AskedTransaction, context: RequestContext): TopicResults | undefined {
  if (context.apiVersion >= 4) return undefined;
  if (!may(context, "WRITE", "TRANSACTIONAL_ID", asked.transactionalId)) {
    return shape(asked.topics, () => "TRANSACTIONAL_ID_AUTHORIZATION_FAILED");
  }
  const mayWrite = eachMay(context, "WRITE", "TOPIC");
  const isAllowed = (topic: string): boolean => !isInternalTopic(topic) && mayWrite(topic);
  if (asked.topics.every(({ name }) => isAllowed(name))) return undefined;
  return shape(asked.topics, (topic) =>
    isAllowed(topic) ? "OPERATION_NOT_ATTEMPTED" : "TOPIC_AUTHORIZATION_FAILED",
  );
}

async function verify(asked: AskedTransaction, context: RequestContext): Promise<TopicResults> {
  const { transactionalId, producerId, producerEpoch } = asked;
  const reply = await context.services.transactions.submit(transactionalId, {
    kind: "verify-partitions",
    transactionalId,
    producerId,
    producerEpoch,
    partitions: byTopic(asked.topics),
  });
  const abortable = context.apiVersion >= 5 ? "TRANSACTION_ABORTABLE" : "INVALID_TXN_STATE";
  return shape(asked.topics, (topic, partition) =>
    reply.missing.get(topic)?.has(partition) === true ? abortable : reply.error,
  );
}

function missingPartitions(topics: Topics, { image }: RequestContext): readonly string[] {
  return topics.flatMap(({ name, partitions }) =>
    partitions
      .filter((index) => image.topics.byName.get(name)?.partitions[index] === undefined)
      .map((index) => `${name}/${index}`),
  );
}

function byTopic(topics: Topics): PartitionsByTopic {
  return new Map(topics.map(({ name, partitions }) => [name, new Set(partitions)]));
}

function shape(
  topics: Topics,
  errorOf: (topic: string, partition: number) => ErrorName,
): TopicResults {
  return topics.map(({ name, partitions }) => ({
    name,
    resultsByPartition: partitions.map((partitionIndex) => ({
      partitionIndex,
      partitionErrorCode: errorCodes[errorOf(name, partitionIndex)],
    })),
  }));
}
