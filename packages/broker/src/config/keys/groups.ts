import { accepted, acts, int, list, long, short, string } from "../config-key.ts";
import { reasons } from "./reasons.ts";
import { atLeast, listOf, oneOfIgnoringCase } from "../validator.ts";

/** Consumer groups, classic and new, and their offsets. */
export const groupsKeys = {
  "group.coordinator.rebalance.protocols": list(
    ["classic", "consumer", "streams"],
    {
      importance: "medium",
      status: acts,
      validator: listOf({ words: ["consumer", "classic", "share", "streams"], allowEmpty: false }),
    },
    "Kinds of groups that are served.",
  ),
  "group.coordinator.threads": int(
    4,
    { importance: "high", status: accepted(reasons.threads), validator: atLeast(1) },
    "Threads of the group coordinator.",
  ),
  "group.coordinator.background.threads": int(
    2,
    { importance: "high", status: accepted(reasons.threads), validator: atLeast(1) },
    "Threads of the group coordinator for slow work.",
  ),
  "group.coordinator.append.linger.ms": int(
    -1,
    { importance: "medium", status: accepted(reasons.coordinatorLog), validator: atLeast(-1) },
    "Milliseconds in which group records are gathered before they are written, -1 to adapt.",
  ),
  "group.coordinator.cached.buffer.max.bytes": int(
    1048588,
    {
      importance: "medium",
      status: accepted(reasons.coordinatorLog),
      validator: atLeast(524288),
      updateMode: "cluster-wide",
    },
    "Most bytes of a write buffer that the group coordinator keeps for the next write.",
  ),
  "offsets.commit.timeout.ms": int(
    5000,
    { importance: "high", status: accepted(reasons.coordinatorLog), validator: atLeast(1) },
    "Milliseconds in which a commit must have reached its replicas.",
  ),
  "offsets.load.buffer.size": int(
    5242880,
    { importance: "high", status: accepted(reasons.coordinatorLog), validator: atLeast(1) },
    "Bytes read at once when a coordinator loads its groups.",
  ),
  "offsets.topic.replication.factor": short(
    3,
    { importance: "high", status: acts, validator: atLeast(1) },
    "Replicas of the topic that holds groups and offsets.",
  ),
  "offsets.topic.num.partitions": int(
    50,
    { importance: "high", status: acts, validator: atLeast(1) },
    "Partitions of the topic that holds groups and offsets.",
  ),
  "offsets.topic.segment.bytes": int(
    104857600,
    { importance: "high", status: acts, validator: atLeast(1) },
    "Size in bytes of a segment of the topic that holds groups and offsets.",
  ),
  "offsets.topic.compression.codec": int(
    0,
    { importance: "high", status: accepted(reasons.coordinatorLog) },
    "Compression of the topic that holds groups and offsets, as Kafka's number.",
  ),
  "offset.metadata.max.bytes": int(
    4096,
    { importance: "high", status: acts },
    "Longest note in bytes that may be committed with an offset.",
  ),
  "offsets.retention.minutes": int(
    10080,
    { importance: "high", status: acts, validator: atLeast(1) },
    "Minutes for which offsets of an empty group are kept.",
  ),
  "offsets.retention.check.interval.ms": long(
    600000,
    { importance: "high", status: acts, validator: atLeast(1) },
    "Milliseconds between looks for offsets that have expired.",
  ),
  "group.min.session.timeout.ms": int(
    6000,
    { importance: "medium", status: acts },
    "Shortest session time-out in milliseconds that a classic member may ask for.",
  ),
  "group.max.session.timeout.ms": int(
    1800000,
    { importance: "medium", status: acts },
    "Longest session time-out in milliseconds that a classic member may ask for.",
  ),
  "group.initial.rebalance.delay.ms": int(
    3000,
    { importance: "medium", status: acts },
    "Milliseconds that a new classic group waits for further members.",
  ),
  "group.max.size": int(
    2147483647,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Most members of a classic group.",
  ),
  "group.consumer.session.timeout.ms": int(
    45000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Milliseconds without a heartbeat after which a consumer group drops a member.",
  ),
  "group.consumer.min.session.timeout.ms": int(
    45000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Smallest session time-out in milliseconds that a consumer group may be given.",
  ),
  "group.consumer.max.session.timeout.ms": int(
    60000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Largest session time-out in milliseconds that a consumer group may be given.",
  ),
  "group.consumer.heartbeat.interval.ms": int(
    5000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Milliseconds between heartbeats of a consumer group's members.",
  ),
  "group.consumer.min.heartbeat.interval.ms": int(
    5000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Smallest heartbeat interval in milliseconds that a consumer group may be given.",
  ),
  "group.consumer.max.heartbeat.interval.ms": int(
    15000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Largest heartbeat interval in milliseconds that a consumer group may be given.",
  ),
  "group.consumer.max.size": int(
    2147483647,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Most members of a consumer group.",
  ),
  "group.consumer.assignors": list(
    ["uniform", "range"],
    {
      importance: "medium",
      status: acts,
      validator: listOf({ allowEmpty: false }),
    },
    "Assignors of consumer groups; the first one is used when a member names none.",
  ),
  "group.consumer.migration.policy": string(
    "bidirectional",
    {
      importance: "medium",
      status: acts,
      validator: oneOfIgnoringCase("DISABLED", "DOWNGRADE", "UPGRADE", "BIDIRECTIONAL"),
    },
    "Whether groups change between the classic and the consumer protocol while they run.",
  ),
  "group.consumer.assignment.interval.ms": int(
    1000,
    {
      importance: "medium",
      status: acts,
      validator: atLeast(0),
      updateMode: "cluster-wide",
    },
    "Milliseconds between two assignments of a consumer group.",
  ),
  "group.consumer.min.assignment.interval.ms": int(
    0,
    { importance: "medium", status: acts, validator: atLeast(0) },
    "Smallest assignment interval in milliseconds that a consumer group may be given.",
  ),
  "group.consumer.max.assignment.interval.ms": int(
    15000,
    { importance: "medium", status: acts, validator: atLeast(0) },
    "Largest assignment interval in milliseconds that a consumer group may be given.",
  ),
  "group.consumer.regex.refresh.interval.ms": int(
    600000,
    {
      importance: "medium",
      status: acts,
      validator: atLeast(10000),
      isInternal: true,
    },
    "Milliseconds after which a subscribed pattern is matched with the topics again.",
  ),
};
