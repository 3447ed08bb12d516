import { CreateTopics, errorCodes, type RequestOf, type ResponseInput } from "@millrace/protocol";
import type { CreateTopicResult } from "@millrace/metadata";

import { describeTopicConfigs } from "../config/index.ts";
import { duplicates } from "./duplicates.ts";
import { CLUSTER_RESOURCE } from "../security/acl/acl-names.ts";
import { eachMay, mightDo } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * CreateTopics (key 19), versions 2-7: makes topics, or only says whether it would.
 * - A name given twice is refused once: INVALID_REQUEST. Answers per topic.
 * - v6: what a quota does not allow is refused (KIP-599); before, the client waits afterwards.
 * - v4: -1 asks for the broker's defaults. v5: the answer tells partitions, replication factor and
 *   configurations. v7: topic ids.
 */
export const createTopics: Handler<typeof CreateTopics> = {
  api: CreateTopics,
  versions: "2-7",
  handle,
};

type Request = RequestOf<typeof CreateTopics>;
type Response = ResponseInput<typeof CreateTopics>;
type TopicAnswer = Response["topics"][number];
type AskedConfigs = Request["topics"][number]["configs"];

const metadataTopic = "__cluster_metadata";

async function handle(request: Request, context: RequestContext): Promise<Response> {
  const mayCreateAll = mightDo(context, "CREATE", "CLUSTER", CLUSTER_RESOURCE);
  const mayCreateTopic = eachMay(context, "CREATE", "TOPIC");
  const mayCreate = (name: string): boolean => mayCreateAll || mayCreateTopic(name);
  const repeated = duplicates(request.topics.map((topic) => topic.name));
  const allowed = request.topics.filter(
    ({ name }) => !repeated.has(name) && name !== metadataTopic && mayCreate(name),
  );
  const outcome = await context.services.controller.createTopics({
    topics: allowed,
    validateOnly: request.validateOnly,
    chargePartitions: context.quota?.partitionCharge(context.apiVersion >= 6),
  });
  if (outcome.kind === "refused") {
    const refusal = refuse(errorCodes[outcome.error], outcome.message);
    return { throttleTimeMs: 0, topics: request.topics.map(({ name }) => ({ name, ...refusal })) };
  }
  const results = new Map(outcome.value.map((result) => [result.name, result]));
  const configsByName = new Map(allowed.map(({ name, configs }) => [name, configs]));
  const names = new Set(request.topics.map((topic) => topic.name));
  const topics = [...names].map((name): TopicAnswer => {
    if (repeated.has(name)) {
      return { name, ...refuse(errorCodes.INVALID_REQUEST, "Duplicate topic name.") };
    }
    if (name !== metadataTopic && !mayCreate(name)) {
      return { name, ...refuse(errorCodes.TOPIC_AUTHORIZATION_FAILED, "Authorization failed.") };
    }
    const result = results.get(name);
    if (result !== undefined) return shape(result, configsByName.get(name) ?? [], context);
    const message = `Creation of internal topic ${metadataTopic} is prohibited.`;
    return { name, ...refuse(errorCodes.INVALID_REQUEST, message) };
  });
  return { throttleTimeMs: 0, topics };
}

function shape(
  result: CreateTopicResult,
  asked: AskedConfigs,
  context: RequestContext,
): TopicAnswer {
  const { name, topicId, error, errorMessage, numPartitions, replicationFactor } = result;
  const isCreated = error === "NONE";
  // Its configurations are for those to see who may describe them.
  const seesConfigs = mightDo(context, "DESCRIBE_CONFIGS", "TOPIC", name);
  if (isCreated && !seesConfigs) {
    const topicConfigErrorCode = errorCodes.TOPIC_AUTHORIZATION_FAILED;
    return { name, topicId, errorCode: errorCodes.NONE, errorMessage, topicConfigErrorCode };
  }
  return {
    name,
    topicId,
    errorCode: errorCodes[error],
    errorMessage,
    numPartitions,
    replicationFactor,
    configs: isCreated ? configsOfTopic(asked, context) : [],
  };
}

/** The topic's configurations as DescribeConfigs would tell them once it exists. */
function configsOfTopic(asked: AskedConfigs, context: RequestContext): TopicAnswer["configs"] {
  const overrides = new Map<string, string>();
  for (const { name, value } of asked) if (value !== null) overrides.set(name, value);
  return describeTopicConfigs(overrides, context.services.dynamicConfig, {
    configurationKeys: null,
    includeSynonyms: false,
    includeDocumentation: false,
  }).map(({ name, value, readOnly, configSource, isSensitive }) => ({
    name,
    value,
    readOnly,
    configSource,
    isSensitive,
  }));
}

function refuse(
  errorCode: number,
  errorMessage: string,
): { readonly errorCode: number; readonly errorMessage: string } {
  return { errorCode, errorMessage };
}
