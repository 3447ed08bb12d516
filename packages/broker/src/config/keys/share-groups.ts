import { accepted, acts, boolean, int, list, short, string } from "../config-key.ts";
import { reasons } from "./reasons.ts";
import { atLeast, between, listOf } from "../validator.ts";

/** Share groups and their state. */
export const shareGroupsKeys = {
  "group.share.session.timeout.ms": int(
    45000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Milliseconds without a heartbeat after which a share group drops a member.",
  ),
  "group.share.min.session.timeout.ms": int(
    45000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Smallest session time-out in milliseconds that a share group may be given.",
  ),
  "group.share.max.session.timeout.ms": int(
    60000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Largest session time-out in milliseconds that a share group may be given.",
  ),
  "group.share.heartbeat.interval.ms": int(
    5000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Milliseconds between heartbeats of a share group's members.",
  ),
  "group.share.min.heartbeat.interval.ms": int(
    5000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Smallest heartbeat interval in milliseconds that a share group may be given.",
  ),
  "group.share.max.heartbeat.interval.ms": int(
    15000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Largest heartbeat interval in milliseconds that a share group may be given.",
  ),
  "group.share.max.size": int(
    200,
    { importance: "medium", status: acts, validator: between(1, 1000) },
    "Most members of a share group.",
  ),
  "group.share.assignors": list(
    ["simple"],
    {
      importance: "medium",
      status: accepted("there is one assignor of share groups, simple"),
      validator: listOf({ allowEmpty: false }),
    },
    "The assignor of share groups.",
  ),
  "group.share.assignment.interval.ms": int(
    1000,
    {
      importance: "medium",
      status: acts,
      validator: atLeast(0),
      updateMode: "cluster-wide",
    },
    "Milliseconds between two assignments of a share group.",
  ),
  "group.share.min.assignment.interval.ms": int(
    0,
    { importance: "medium", status: acts, validator: atLeast(0) },
    "Smallest assignment interval in milliseconds that a share group may be given.",
  ),
  "group.share.max.assignment.interval.ms": int(
    15000,
    { importance: "medium", status: acts, validator: atLeast(0) },
    "Largest assignment interval in milliseconds that a share group may be given.",
  ),
  "group.share.initialize.retry.interval.ms": int(
    30000,
    {
      importance: "low",
      status: acts,
      validator: atLeast(1),
      isInternal: true,
    },
    "Milliseconds before the state of a share group is initialised again after a failure.",
  ),
  "group.share.delivery.count.limit": int(
    5,
    { importance: "medium", status: acts, validator: between(2, 10) },
    "How often a record is delivered to a share group before it is given up.",
  ),
  "group.share.max.delivery.count.limit": int(
    10,
    { importance: "medium", status: acts, validator: between(5, 25) },
    "Largest delivery count limit that a share group may be given.",
  ),
  "group.share.min.delivery.count.limit": int(
    2,
    { importance: "medium", status: acts, validator: between(2, 5) },
    "Smallest delivery count limit that a share group may be given.",
  ),
  "group.share.record.lock.duration.ms": int(
    30000,
    {
      importance: "medium",
      status: acts,
      validator: between(1000, 3600000),
    },
    "Milliseconds for which a record is locked for the member that acquired it.",
  ),
  "group.share.min.record.lock.duration.ms": int(
    15000,
    {
      importance: "medium",
      status: acts,
      validator: between(1000, 30000),
    },
    "Smallest lock duration in milliseconds that a share group may be given.",
  ),
  "group.share.max.record.lock.duration.ms": int(
    60000,
    {
      importance: "medium",
      status: acts,
      validator: between(30000, 3600000),
    },
    "Largest lock duration in milliseconds that a share group may be given.",
  ),
  "group.share.partition.max.record.locks": int(
    2000,
    { importance: "medium", status: acts, validator: between(100, 10000) },
    "Most records of a partition that are locked at a time for one share group.",
  ),
  "group.share.max.partition.max.record.locks": int(
    4000,
    {
      importance: "medium",
      status: acts,
      validator: between(2000, 10000),
    },
    "Largest number of locks a partition that a share group may be given.",
  ),
  "group.share.min.partition.max.record.locks": int(
    100,
    { importance: "medium", status: acts, validator: between(100, 2000) },
    "Smallest number of locks a partition that a share group may be given.",
  ),
  "share.fetch.purgatory.purge.interval.requests": int(
    1000,
    { importance: "medium", status: accepted(reasons.purgatory) },
    "How many finished share fetches may wait for removal from the waiting list.",
  ),
  "group.share.max.share.sessions": int(
    2000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Most share sessions of a broker.",
  ),
  // KIP-1191, of Apache Kafka 4.4: the names and defaults are its own.
  "errors.deadletterqueue.auto.create.topics.enable": boolean(
    false,
    { importance: "medium", status: acts, updateMode: "cluster-wide" },
    "Whether a dead-letter topic that is not there is made when it is first needed.",
  ),
  "errors.deadletterqueue.topic.name.prefix": string(
    "dlq.",
    { importance: "medium", status: acts, updateMode: "cluster-wide" },
    "What the name of a dead-letter topic must begin with.",
  ),
  "group.share.persister.class.name": string(
    "org.apache.kafka.server.share.persister.DefaultStatePersister",
    { importance: "medium", status: accepted(reasons.tests), isInternal: true },
    "Java class that stores the state of share groups.",
  ),
  "share.coordinator.state.topic.num.partitions": int(
    50,
    { importance: "high", status: acts, validator: atLeast(1) },
    "Partitions of the topic that holds the state of share groups.",
  ),
  "share.coordinator.state.topic.replication.factor": short(
    3,
    { importance: "high", status: acts, validator: atLeast(1) },
    "Replicas of the topic that holds the state of share groups.",
  ),
  "share.coordinator.state.topic.min.isr": short(
    2,
    { importance: "high", status: acts, validator: atLeast(1) },
    "Fewest in-sync replicas for a write to the state of share groups.",
  ),
  "share.coordinator.state.topic.segment.bytes": int(
    104857600,
    { importance: "high", status: acts, validator: atLeast(1) },
    "Size in bytes of a segment of the topic that holds the state of share groups.",
  ),
  "share.coordinator.threads": int(
    1,
    { importance: "medium", status: accepted(reasons.threads), validator: atLeast(1) },
    "Threads of the share coordinator.",
  ),
  "share.coordinator.snapshot.update.records.per.snapshot": int(
    500,
    { importance: "medium", status: acts, validator: between(0, 500) },
    "Updates of a share partition's state between two snapshots of it.",
  ),
  "share.coordinator.load.buffer.size": int(
    5242880,
    { importance: "high", status: accepted(reasons.coordinatorLog), validator: atLeast(1) },
    "Bytes read at once when a share coordinator loads its state.",
  ),
  "share.coordinator.state.topic.compression.codec": int(
    0,
    { importance: "high", status: accepted(reasons.coordinatorLog) },
    "Compression of the topic that holds the state of share groups, as Kafka's number.",
  ),
  "share.coordinator.append.linger.ms": int(
    -1,
    { importance: "medium", status: accepted(reasons.coordinatorLog), validator: atLeast(-1) },
    "Milliseconds in which share state records are gathered before they are written, -1 to adapt.",
  ),
  "share.coordinator.write.timeout.ms": int(
    5000,
    { importance: "high", status: accepted(reasons.coordinatorLog), validator: atLeast(1) },
    "Milliseconds in which a write of share state must have reached its replicas.",
  ),
  "share.coordinator.state.topic.prune.interval.ms": int(
    300000,
    {
      importance: "low",
      status: acts,
      validator: atLeast(1),
      isInternal: true,
    },
    "Milliseconds between removals of share state that is no longer needed.",
  ),
  "share.coordinator.cold.partition.snapshot.interval.ms": int(
    300000,
    {
      importance: "low",
      status: acts,
      validator: atLeast(1),
      isInternal: true,
    },
    "Milliseconds after which the state of an idle share partition is snapshotted.",
  ),
  "share.coordinator.cached.buffer.max.bytes": int(
    1048588,
    {
      importance: "medium",
      status: accepted(reasons.coordinatorLog),
      validator: atLeast(524288),
      updateMode: "cluster-wide",
    },
    "Most bytes of a write buffer that the share coordinator keeps for the next write.",
  ),
};
