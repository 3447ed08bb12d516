import {
  errorCodes,
  Fetch,
  type RequestOf,
  type ResponseInput,
  type Uuid,
  ZERO_UUID,
} from "@millrace/protocol";

import { LongPoll } from "../fetch/long-poll.ts";
import {
  type PartitionRead,
  type PartitionReadResult,
  type ReadLimits,
  readPartitions,
} from "../fetch/read-partitions.ts";
import type { FetchContext, FetchSessionRequest } from "../fetch/session-cache.ts";
import {
  fetchEpochs,
  fetchKey,
  type FetchPartition,
  type FetchSession,
  type SessionResult,
} from "../fetch/session.ts";
import { eachMay, mayCluster } from "./access.ts";
import { CurrentLeaders } from "./current-leader.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * Fetch (key 1), versions 4-18: gives record batches from offsets on.
 * - Waits up to `maxWaitMs` for `minBytes`; an error, or nothing to wait for, answers at once.
 * - v4: read_committed. v5: log start offsets. v7: sessions (KIP-227). v9: leader epochs (KIP-320).
 * - v12: divergence by epoch. v13: topic ids. v16: where the leaders are reached.
 * - An incremental answer carries only the partitions that have news.
 * Followers do not fetch yet: a replica id is refused, as it would move a high watermark.
 */
export const fetch: Handler<typeof Fetch> = { api: Fetch, versions: "4-18", handle };

type Request = RequestOf<typeof Fetch>;
type Response = ResponseInput<typeof Fetch>;
type TopicAnswer = Response["responses"][number];
type PartitionAnswer = TopicAnswer["partitions"][number];

function handle(request: Request, context: RequestContext): Response | Promise<Response> {
  const sessionRequest = sessionRequestOf(request, context);
  const session = context.services.fetchSessions.begin(sessionRequest);
  if (session.kind === "refused") {
    return { errorCode: errorCodes[session.error], sessionId: 0, throttleTimeMs: 0, responses: [] };
  }
  const limits = limitsOf(request, context);
  const reads = resolve(session.partitions, isFollower(request), context);
  const finish = (results: readonly PartitionReadResult[]): Response =>
    answerWithin({ results, session, sessionRequest }, context);
  const first = readPartitions(reads, limits);
  if (first instanceof Promise) {
    return first.then((results) =>
      waitOrFinish(request, { reads, limits, results, finish }, context),
    );
  }
  return waitOrFinish(request, { reads, limits, results: first, finish }, context);
}

interface FirstRead {
  readonly reads: readonly PartitionRead[];
  readonly limits: ReadLimits;
  readonly results: readonly PartitionReadResult[];
  readonly finish: (results: readonly PartitionReadResult[]) => Response;
}

function waitOrFinish(
  request: Request,
  first: FirstRead,
  context: RequestContext,
): Response | Promise<Response> {
  const availableBytes = first.results.reduce((sum, result) => sum + result.sizeBytes, 0);
  const minBytes = Math.min(request.minBytes, first.limits.maxBytes);
  const isUrgent = first.results.some(
    (result) => result.error !== "NONE" || result.divergingEpoch !== undefined,
  );
  if (
    isUrgent ||
    availableBytes >= minBytes ||
    request.maxWaitMs <= 0 ||
    first.reads.length === 0
  ) {
    return first.finish(first.results);
  }
  for (const result of first.results) result.release();
  return waitAndRead({ ...first, availableBytes, minBytes }, request.maxWaitMs, context);
}

async function waitAndRead(
  first: FirstRead & { readonly availableBytes: number; readonly minBytes: number },
  maxWaitMs: number,
  context: RequestContext,
): Promise<Response> {
  const { reads, results, availableBytes, minBytes } = first;
  const { deadlines } = context.services;
  await new LongPoll({ reads, results, availableBytes, minBytes, maxWaitMs, deadlines }).done;
  return first.finish(await readPartitions(reads, first.limits));
}

function limitsOf(request: Request, context: RequestContext): ReadLimits {
  const { config, answers } = context.services;
  const allowedBytes = context.quota?.fetchBytesMax() ?? Number.POSITIVE_INFINITY;
  const configuredBytes = Math.min(request.maxBytes, config().fetchMaxBytes);
  const maxBytes = Math.min(configuredBytes, answers.roomBytes(), allowedBytes);
  return { maxBytes, isolation: request.isolationLevel === 1 ? "lastStable" : "highWatermark" };
}

function isFollower(request: Request): boolean {
  return replicaIdOf(request) >= 0;
}

function replicaIdOf(request: Request): number {
  return request.replicaState.replicaId >= 0 ? request.replicaState.replicaId : request.replicaId;
}

/** Names the partitions of a request as the session needs them: by id from version 13 on. */
function sessionRequestOf(request: Request, context: RequestContext): FetchSessionRequest {
  const usesTopicIds = context.apiVersion >= 13;
  const partitions: FetchPartition[] = [];
  for (const topic of request.topics) {
    const topicId = usesTopicIds ? topic.topicId : undefined;
    const name = usesTopicIds ? nameOf(topic.topicId, context) : topic.topic;
    for (const partition of topic.partitions) {
      partitions.push({ ...partition, topic: name, topicId });
    }
  }
  const forgottenKeys = request.forgottenTopicsData.flatMap((topic) =>
    topic.partitions.map((partition) =>
      fetchKey(
        { topic: topic.topic, topicId: usesTopicIds ? topic.topicId : undefined },
        partition,
      ),
    ),
  );
  return {
    sessionId: request.sessionId,
    sessionEpoch: request.sessionEpoch,
    usesTopicIds,
    isFollower: isFollower(request),
    partitions,
    forgottenKeys,
  };
}

function nameOf(topicId: Uuid, context: RequestContext): string | undefined {
  return context.image.topics.byId.get(topicId)?.name;
}

/** Finds what each asked partition is read from, or why it is not. */
function resolve(
  partitions: readonly FetchPartition[],
  isFollowers: boolean,
  context: RequestContext,
): readonly PartitionRead[] {
  const isReplica = isFollowers && mayCluster(context, "CLUSTER_ACTION");
  const mayRead = eachMay(context, "READ", "TOPIC");
  return partitions.map((request) => {
    // A session may have been told of a topic before this broker knew its name.
    const topic = request.topicId === undefined ? request.topic : nameOf(request.topicId, context);
    if (topic === undefined) return { request, target: "UNKNOWN_TOPIC_ID" };
    if (isFollowers ? !isReplica : !mayRead(topic)) {
      return { request, target: "TOPIC_AUTHORIZATION_FAILED" };
    }
    if (isFollowers) return { request, target: "NOT_LEADER_OR_FOLLOWER" };
    const target = context.services.replicas.leader(context.image, topic, request.partition);
    return { request, target };
  });
}

interface Finished {
  readonly results: readonly PartitionReadResult[];
  readonly session: Exclude<FetchContext, { readonly kind: "refused" }>;
  readonly sessionRequest: FetchSessionRequest;
}

/** Gives what was read, or nothing to a client that has to wait for its quota. */
function answerWithin(finished: Finished, context: RequestContext): Response {
  const isAdmitted = context.quota?.admitsFetch(answerBytes(finished)) ?? true;
  return isAdmitted ? answer(finished, context) : empty(finished);
}

function answer(finished: Finished, context: RequestContext): Response {
  const session = sessionOf(finished, context);
  const leaders = new CurrentLeaders(context, { leaderSince: 12, nodesSince: 16 });
  const responses: (TopicAnswer & { readonly partitions: PartitionAnswer[] })[] = [];
  for (const result of finished.results) {
    if (result.sizeBytes > 0) context.onSent(result.release);
    result.source?.traffic.fetched(result.sizeBytes);
    const hasNews = session?.record(result.request, newsOf(result)) ?? true;
    if (finished.session.kind === "incremental" && !hasNews) continue;
    const { topic = "", topicId = ZERO_UUID } = result.request;
    let last = responses.at(-1);
    if (last === undefined || last.topic !== topic || last.topicId !== topicId) {
      last = { topic, topicId, partitions: [] };
      responses.push(last);
    }
    last.partitions.push(shape(result, leaders));
  }
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes.NONE,
    sessionId: session?.id ?? fetchEpochs.invalidSessionId,
    responses,
    nodeEndpoints: leaders.nodes(),
  };
}

/** What an answer takes beside its partitions, and for each of them, about. */
const answerOverhead = { baseBytes: 20, partitionBytes: 50 } as const;

/** The size of an answer as it is counted for a quota. */
function answerBytes({ results, session }: Finished): number {
  let bytes: number = answerOverhead.baseBytes;
  for (const { sizeBytes } of results) {
    if (sizeBytes === 0 && session.kind === "incremental") continue;
    bytes += answerOverhead.partitionBytes + sizeBytes;
  }
  return bytes;
}

/** What a client gets that has to wait for its quota: nothing, and its session stays as it was. */
function empty({ results, session }: Finished): Response {
  for (const result of results) result.release();
  const { invalidSessionId } = fetchEpochs;
  const sessionId = session.kind === "incremental" ? session.session.id : invalidSessionId;
  return { throttleTimeMs: 0, errorCode: errorCodes.NONE, sessionId, responses: [] };
}

/** The session that the answer belongs to; a full fetch gets a new one if there is room for it. */
function sessionOf(finished: Finished, context: RequestContext): FetchSession | undefined {
  const { session, sessionRequest } = finished;
  if (session.kind === "incremental") return session.session;
  if (session.kind === "sessionless") return undefined;
  return context.services.fetchSessions.create(sessionRequest);
}

function newsOf(result: PartitionReadResult): SessionResult {
  return {
    recordsBytes: result.sizeBytes,
    highWatermark: result.highWatermark,
    logStartOffset: result.logStartOffset,
    errorCode: errorCodes[result.error],
    diverges: result.divergingEpoch !== undefined,
    hasPreferredReadReplica: false,
  };
}

function shape(result: PartitionReadResult, leaders: CurrentLeaders): PartitionAnswer {
  const { topic, partition } = result.request;
  return {
    partitionIndex: partition,
    errorCode: errorCodes[result.error],
    highWatermark: result.highWatermark,
    lastStableOffset: result.lastStableOffset,
    logStartOffset: result.logStartOffset,
    divergingEpoch: result.divergingEpoch,
    currentLeader: leaders.of({ topic, index: partition, error: result.error }),
    abortedTransactions: result.abortedTransactions,
    records: result.chunks,
  };
}
