import type { AcquireMode } from "@millrace/coordinators";
import {
  errorCodes,
  type ErrorName,
  type RequestOf,
  type ResponseInput,
  ShareFetch,
} from "@millrace/protocol";

import { type AcknowledgedPartition, acknowledgePartitions } from "../share/acknowledge-batches.ts";
import type { ShareFetchResult } from "../share/share-fetch.ts";
import {
  isShareMemberId,
  type SharedPartition,
  sharedPartitionKey,
  type ShareSessionContext,
} from "../share/share-sessions.ts";
import { eachMay, may } from "./access.ts";
import { CurrentLeaders } from "./current-leader.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * ShareFetch (key 78), versions 1-2: acquires records for a member of a share group, and takes its
 * acknowledgements of earlier ones (KIP-932).
 * - Session epoch 0 begins a session, -1 ends it: then nothing is fetched and all locks end.
 * - Waits up to `maxWaitMs` for `minBytes` that can be acquired, at most `maxRecords` records.
 * - v2: acquires exactly as many records as wanted (KIP-1206), renews locks (KIP-1222): a request
 *   that renews fetches nothing.
 */
export const shareFetch: Handler<typeof ShareFetch> = { api: ShareFetch, versions: "1-2", handle };

type Request = RequestOf<typeof ShareFetch>;
type Response = ResponseInput<typeof ShareFetch>;
type TopicAnswer = Response["responses"][number];
type PartitionAnswer = TopicAnswer["partitions"][number];

async function handle(request: Request, context: RequestContext): Promise<Response> {
  const refusal = check(request, context);
  if (refusal !== undefined) return refused(refusal);
  const { sharePartitions } = context.services;
  const begun = sharePartitions.sessions.begin(sessionRequestOf(request, context));
  if (begun.kind === "refused") {
    // A member that finds no room asks again at once: it is answered when its time is up.
    if (begun.error === "SHARE_SESSION_LIMIT_REACHED") await idle(request.maxWaitMs, context);
    return refused(begun.error);
  }
  const [fetched, acknowledged] = await Promise.all([
    fetchRecords(request, begun, context),
    hasAcknowledgements(request)
      ? acknowledgePartitions(begun.session, request.topics, request, context)
      : [],
  ]);
  if (begun.kind === "final") await sharePartitions.endSession(begun.session);
  return answer({ request, begun, fetched, acknowledged }, context);
}

function check(request: Request, context: RequestContext): ErrorName | undefined {
  if (!context.services.shares.servesShareGroups) return "UNSUPPORTED_VERSION";
  const { groupId, memberId, isRenewAck, maxBytes, minBytes, maxRecords, maxWaitMs } = request;
  if (groupId === null) return "INVALID_REQUEST";
  if (!may(context, "READ", "GROUP", groupId)) return "GROUP_AUTHORIZATION_FAILED";
  if (!isShareMemberId(memberId)) return "INVALID_REQUEST";
  if (modeOf(request) === undefined) return "INVALID_REQUEST";
  // KIP-1222: fetching could outlast the locks that the request has just renewed.
  const isFetching = maxBytes !== 0 || minBytes !== 0 || maxRecords !== 0 || maxWaitMs !== 0;
  return isRenewAck && isFetching ? "INVALID_REQUEST" : undefined;
}

function modeOf(request: Request): AcquireMode | undefined {
  if (request.shareAcquireMode === 0) return "batch_optimized";
  return request.shareAcquireMode === 1 ? "record_limit" : undefined;
}

function hasAcknowledgements(request: Request): boolean {
  return request.topics.some(({ partitions }) =>
    partitions.some(({ acknowledgementBatches }) => acknowledgementBatches.length > 0),
  );
}

function sessionRequestOf(
  request: Request,
  context: RequestContext,
): Parameters<RequestContext["services"]["sharePartitions"]["sessions"]["begin"]>[0] {
  return {
    groupId: request.groupId ?? "",
    memberId: request.memberId ?? "",
    epoch: request.shareSessionEpoch,
    hasAcknowledgements: hasAcknowledgements(request),
    partitions: request.topics.flatMap(({ topicId, partitions }) =>
      partitions.map(({ partitionIndex }) => ({ topicId, partition: partitionIndex })),
    ),
    forgotten: request.forgottenTopicsData.flatMap(({ topicId, partitions }) =>
      partitions.map((partition) => ({ topicId, partition })),
    ),
    connection: context.connection,
  };
}

function idle(maxWaitMs: number, context: RequestContext): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  context.services.deadlines.add(Math.max(0, maxWaitMs), () => resolve(undefined));
  return promise;
}

type Begun = Exclude<ShareSessionContext, { readonly kind: "refused" }>;

function fetchRecords(
  request: Request,
  { kind, session }: Begun,
  context: RequestContext,
): Promise<readonly ShareFetchResult[]> | readonly ShareFetchResult[] {
  const { config, answers, sharePartitions } = context.services;
  const maxBytes = Math.min(request.maxBytes, config().fetchMaxBytes, answers.roomBytes());
  const partitions = session.partitions();
  const fetchesNothing = request.isRenewAck || request.maxRecords <= 0 || request.maxBytes <= 0;
  if (kind === "final" || fetchesNothing || partitions.length === 0) return [];
  noteRequests(partitions, context);
  return sharePartitions.fetch({
    session,
    image: context.image,
    partitions,
    mayRead: eachMay(context, "READ", "TOPIC"),
    rotation: request.shareSessionEpoch,
    mode: modeOf(request) ?? "batch_optimized",
    batchSize: request.batchSize,
    maxRecords: request.maxRecords,
    minBytes: Math.min(request.minBytes, maxBytes),
    maxBytes,
    maxWaitMs: request.maxWaitMs,
  });
}

function noteRequests(partitions: readonly SharedPartition[], context: RequestContext): void {
  const topicIds = new Set(partitions.map(({ topicId }) => topicId));
  for (const topicId of topicIds) {
    const topic = context.image.topics.byId.get(topicId);
    if (topic !== undefined)
      context.services.sharePartitions.metrics.requested("fetches", topic.name);
  }
}

interface Finished {
  readonly request: Request;
  readonly begun: Begun;
  readonly fetched: readonly ShareFetchResult[];
  readonly acknowledged: readonly AcknowledgedPartition[];
}

function answer(finished: Finished, context: RequestContext): Response {
  const { begun, fetched } = finished;
  const leaders = new CurrentLeaders(context, { leaderSince: 1, nodesSince: 1 });
  const left = new Map(
    finished.acknowledged.map((each) => [sharedPartitionKey(each.asked), each] as const),
  );
  const topics = new TopicAnswers();
  for (const result of fetched) {
    if (result.sizeBytes > 0) context.onSent(result.release);
    if (result.sizeBytes > 0) context.quota?.chargeRecords(result.sizeBytes);
    result.source?.partition.traffic.fetched(result.sizeBytes);
    const key = sharedPartitionKey(result.asked);
    const acknowledgement = left.get(key);
    if (!isNewsTo(begun, result) && acknowledgement === undefined) continue;
    left.delete(key);
    topics.add(result.asked, shape(result, acknowledgement, leaders, context));
  }
  for (const each of left.values()) {
    topics.add(each.asked, shape(nothingFetched(each.asked), each, leaders, context));
  }
  const { recordLockDurationMs } = context.services.sharePartitions.settings(
    finished.request.groupId ?? "",
  );
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes.NONE,
    acquisitionLockTimeoutMs: recordLockDurationMs,
    responses: topics.all,
    nodeEndpoints: leaders.nodes(),
  };
}

function isNewsTo(begun: Begun, result: ShareFetchResult): boolean {
  const hasRecords = result.acquired.length > 0;
  const isNews = begun.session.record(result.asked, {
    hasRecords,
    hasError: result.error !== "NONE",
  });
  return begun.kind !== "incremental" || isNews;
}

/** Partitions of an answer under their topics, in the order in which they come. */
class TopicAnswers {
  readonly all: (TopicAnswer & { readonly partitions: PartitionAnswer[] })[] = [];
  readonly #byId = new Map<string, (typeof this.all)[number]>();

  add({ topicId }: SharedPartition, partition: PartitionAnswer): void {
    let topic = this.#byId.get(topicId);
    if (topic === undefined) {
      topic = { topicId, partitions: [] };
      this.#byId.set(topicId, topic);
      this.all.push(topic);
    }
    topic.partitions.push(partition);
  }
}

type Fetched = Pick<ShareFetchResult, "asked" | "error" | "message" | "chunks" | "acquired">;

function nothingFetched(asked: SharedPartition): Fetched {
  return { asked, error: "NONE", message: undefined, chunks: [], acquired: [] };
}

function shape(
  result: Fetched,
  acknowledgement: AcknowledgedPartition | undefined,
  leaders: CurrentLeaders,
  context: RequestContext,
): PartitionAnswer {
  const { asked, error } = result;
  const topic = context.image.topics.byId.get(asked.topicId)?.name;
  const leader = leaders.of({ topic, index: asked.partition, error });
  return {
    partitionIndex: asked.partition,
    errorCode: errorCodes[error],
    errorMessage: result.message ?? null,
    acknowledgeErrorCode: errorCodes[acknowledgement?.error ?? "NONE"],
    acknowledgeErrorMessage: acknowledgement?.message ?? null,
    currentLeader: leader ?? noLeader,
    records: result.chunks,
    acquiredRecords: result.acquired.map((range) => ({ ...range })),
  };
}

/** What Apache Kafka writes where it has no leader to tell. */
const noLeader = { leaderId: 0, leaderEpoch: 0 };

function refused(error: ErrorName): Response {
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes[error],
    acquisitionLockTimeoutMs: 0,
    responses: [],
    nodeEndpoints: [],
  };
}
