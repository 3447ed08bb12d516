import { acts, boolean, int, string } from "../config-key.ts";
import { atLeast, matching, oneOf } from "../validator.ts";

/** What a group can be configured with; most have a default in a broker's configuration. */
export const groupKeys = {
  "consumer.session.timeout.ms": int(
    45000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Milliseconds without a heartbeat after which the consumer group drops a member.",
  ),
  "consumer.heartbeat.interval.ms": int(
    5000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Milliseconds between heartbeats of the consumer group's members.",
  ),
  "consumer.assignment.interval.ms": int(
    1000,
    { importance: "medium", status: acts, validator: atLeast(0) },
    "Milliseconds between two assignments of the consumer group.",
  ),
  "share.session.timeout.ms": int(
    45000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Milliseconds without a heartbeat after which the share group drops a member.",
  ),
  "share.heartbeat.interval.ms": int(
    5000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Milliseconds between heartbeats of the share group's members.",
  ),
  "share.record.lock.duration.ms": int(
    30000,
    { importance: "medium", status: acts, validator: atLeast(1000) },
    "Milliseconds for which a record is locked for the member that acquired it.",
  ),
  "share.delivery.count.limit": int(
    5,
    { importance: "medium", status: acts, validator: atLeast(2) },
    "How often a record is delivered to the share group before it is given up.",
  ),
  "share.partition.max.record.locks": int(
    2000,
    { importance: "medium", status: acts, validator: atLeast(100) },
    "Most records of a partition that are locked at a time for the share group.",
  ),
  "share.auto.offset.reset": string(
    "latest",
    {
      importance: "medium",
      status: acts,
      validator: matching(
        /^(latest|earliest|by_duration:P[0-9DTHMS.]+)$/,
        "latest, earliest or by_duration: and an ISO 8601 duration",
      ),
    },
    "Where the share group begins a partition: latest, earliest, or by_duration:PT1H for a time ago.",
  ),
  "share.isolation.level": string(
    "read_uncommitted",
    {
      importance: "medium",
      status: acts,
      validator: oneOf("read_committed", "read_uncommitted"),
    },
    "Whether the share group sees records of transactions that are open or were aborted.",
  ),
  "share.renew.acknowledge.enable": boolean(
    true,
    { importance: "medium", status: acts },
    "Whether a member may renew its lock on a record.",
  ),
  // KIP-1191, of Apache Kafka 4.4: the names and defaults are its own.
  "errors.deadletterqueue.topic.name": string(
    "",
    { importance: "medium", status: acts },
    "Topic that takes what the share group rejects or gives up; empty for none.",
  ),
  "errors.deadletterqueue.copy.record.enable": boolean(
    false,
    { importance: "medium", status: acts },
    "Whether the dead-letter topic also gets the key, value and headers of a record.",
  ),
  "share.assignment.interval.ms": int(
    1000,
    { importance: "medium", status: acts, validator: atLeast(0) },
    "Milliseconds between two assignments of the share group.",
  ),
  "streams.session.timeout.ms": int(
    45000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Milliseconds without a heartbeat after which the streams group drops a member.",
  ),
  "streams.heartbeat.interval.ms": int(
    5000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Milliseconds between heartbeats of the streams group's members.",
  ),
  "streams.num.standby.replicas": int(
    0,
    { importance: "medium", status: acts, validator: atLeast(0) },
    "Standby copies of each task's state.",
  ),
  "streams.initial.rebalance.delay.ms": int(
    3000,
    { importance: "medium", status: acts, validator: atLeast(0) },
    "Milliseconds that the new streams group waits for further members.",
  ),
  "streams.assignment.interval.ms": int(
    1000,
    { importance: "medium", status: acts, validator: atLeast(0) },
    "Milliseconds between two assignments of the streams group.",
  ),
};
