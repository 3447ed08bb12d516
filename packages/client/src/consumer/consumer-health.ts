import type { MembershipHealth, TopicPartition } from "../group/membership.ts";
import type { EventLoopHealth } from "./activity-watch.ts";
import type { RunningHandler } from "./record-run.ts";

/** How far a partition is behind its end. */
export interface PartitionLag extends TopicPartition {
  /** Records between the position and the end that this consumer may read; undefined: unknown. */
  readonly lag: bigint | undefined;
  readonly isPaused: boolean;
}

/** What tells a consumer that works from one that only lives. */
export interface ConsumerHealth {
  /** Whether there are no `problems`. */
  readonly isHealthy: boolean;
  /** What is wrong, a sentence each. */
  readonly problems: readonly string[];
  /** How long ago the application asked for records, or waited for them, in milliseconds. */
  readonly lastPollAgoMs: number;
  /** How long ago the coordinator answered a heartbeat; undefined without a group, or never. */
  readonly lastHeartbeatAgoMs: number | undefined;
  /** How long ago offsets were committed; undefined: never. */
  readonly lastCommitAgoMs: number | undefined;
  readonly assignment: readonly TopicPartition[];
  readonly lag: readonly PartitionLag[];
  /** Bytes that were fetched and not handed over. */
  readonly bufferedBytes: number;
  /** Records that could not be read and were left out. */
  readonly skippedCount: number;
  /** The handlers of `run` at work, the oldest first. */
  readonly handlers: readonly RunningHandler[];
  readonly membership: MembershipHealth | undefined;
  readonly eventLoop: EventLoopHealth;
}

/** A partition that is asked for, and no answer has brought it since. */
export interface FailingFetch extends TopicPartition {
  readonly failingMs: number;
}

/** What health is judged by. */
export interface HealthFacts extends Omit<ConsumerHealth, "isHealthy" | "problems"> {
  readonly maxPollIntervalMs: number;
  readonly sessionTimeoutMs: number;
  /** How long a broker may wait with its answer. */
  readonly fetchMaxWaitMs: number;
  /** Partitions that were asked for, with how long ago that was; none of them is paused. */
  readonly fetches: readonly FailingFetch[];
  /** Whether somebody reads: a loop runs. */
  readonly isReading: boolean;
}

/** A handler that takes so much of the poll interval is told of. */
const STUCK_SHARE = 0.5;
/** A blocked event loop is told of for so long. */
const BLOCKED_TOLD_MS = 60_000;

/** A fetch that has not succeeded so long after it should have is told of. */
const FETCH_FAILING_MS = 10_000;

/** Judges facts. @param nowMs the monotonic time */
export function judgeHealth(facts: HealthFacts, nowMs: number): ConsumerHealth {
  const {
    maxPollIntervalMs,
    sessionTimeoutMs,
    fetchMaxWaitMs,
    fetches,
    isReading: _,
    ...rest
  } = facts;
  const problems = [
    ...pollProblems(facts),
    ...membershipProblems(facts, sessionTimeoutMs),
    ...fetches
      .filter(({ failingMs }) => failingMs > fetchMaxWaitMs + FETCH_FAILING_MS)
      .map(
        ({ topic, partition, failingMs }) =>
          `no fetch of ${topic}-${partition} has succeeded in ${Math.round(failingMs)} ms`,
      ),
    ...facts.handlers
      .filter(({ runningMs }) => runningMs > maxPollIntervalMs * STUCK_SHARE)
      .map(
        ({ topic, partition, offset, runningMs }) =>
          `the handler of ${topic}-${partition} offset ${offset} has been at it for ${Math.round(runningMs)} ms`,
      ),
  ];
  const { lastBlockedMs, lastBlockedAtMs } = facts.eventLoop;
  if (lastBlockedAtMs >= 0 && nowMs - lastBlockedAtMs < BLOCKED_TOLD_MS) {
    problems.push(
      `the event loop was blocked for ${lastBlockedMs} ms: something computes too long`,
    );
  }
  return { ...rest, isHealthy: problems.length === 0, problems };
}

function pollProblems(facts: HealthFacts): readonly string[] {
  const { lastPollAgoMs, maxPollIntervalMs, isReading, assignment } = facts;
  if (assignment.length > 0 && !isReading) return ["partitions are assigned and nobody reads"];
  if (!isReading || lastPollAgoMs <= maxPollIntervalMs * STUCK_SHARE) return [];
  return [`records were not asked for in ${Math.round(lastPollAgoMs)} ms`];
}

function membershipProblems(facts: HealthFacts, sessionTimeoutMs: number): readonly string[] {
  const { membership, lastHeartbeatAgoMs } = facts;
  if (membership === undefined || membership.state === "unsubscribed") return [];
  const problems: string[] = [];
  if (membership.state === "left") problems.push("the poll interval passed: the member has left");
  if (membership.state === "failed" || membership.state === "fenced") {
    problems.push(`the membership is ${membership.state}`);
  }
  if (membership.error !== undefined) problems.push(membership.error.message);
  if (lastHeartbeatAgoMs !== undefined && lastHeartbeatAgoMs > sessionTimeoutMs) {
    problems.push(
      `the coordinator has not answered a heartbeat in ${Math.round(lastHeartbeatAgoMs)} ms`,
    );
  }
  return problems;
}
