import { accepted, acts, boolean, int, long, string } from "../config-key.ts";
import { reasons } from "./reasons.ts";
import { atLeast } from "../validator.ts";

/** How replicas follow their leader. */
export const replicationKeys = {
  "replica.lag.time.max.ms": long(
    30000,
    { importance: "high", status: accepted(reasons.oneNode) },
    "Milliseconds after which a replica that has not caught up leaves the in-sync replicas.",
  ),
  "replica.socket.timeout.ms": int(
    30000,
    { importance: "high", status: accepted(reasons.oneNode) },
    "Milliseconds that a follower waits for its leader's answer.",
  ),
  "replica.socket.receive.buffer.bytes": int(
    65536,
    { importance: "high", status: accepted(reasons.oneNode) },
    "Size in bytes of the receive buffer of a follower's connection.",
  ),
  "replica.fetch.max.bytes": int(
    1048576,
    { importance: "medium", status: accepted(reasons.oneNode), validator: atLeast(0) },
    "Bytes that a follower asks for from each partition.",
  ),
  "replica.fetch.wait.max.ms": int(
    500,
    { importance: "high", status: accepted(reasons.oneNode) },
    "Milliseconds that a follower's fetch waits for new records.",
  ),
  "replica.fetch.backoff.ms": int(
    1000,
    { importance: "medium", status: accepted(reasons.oneNode), validator: atLeast(0) },
    "Milliseconds before a follower tries again after an error.",
  ),
  "replica.fetch.min.bytes": int(
    1,
    { importance: "high", status: accepted(reasons.oneNode) },
    "Fewest bytes for which a follower's fetch is answered before its time is up.",
  ),
  "replica.fetch.response.max.bytes": int(
    10485760,
    { importance: "medium", status: accepted(reasons.oneNode), validator: atLeast(0) },
    "Most bytes in the answer to a follower's fetch.",
  ),
  "num.replica.fetchers": int(
    1,
    {
      importance: "high",
      status: accepted(reasons.oneNode),
      validator: atLeast(1),
      updateMode: "cluster-wide",
    },
    "Connections that a follower uses to each leader.",
  ),
  "replica.high.watermark.checkpoint.interval.ms": long(
    5000,
    { importance: "high", status: acts },
    "Milliseconds between writes of the high watermark checkpoint.",
  ),
  "auto.leader.rebalance.enable": boolean(
    true,
    { importance: "high", status: accepted(reasons.oneNode) },
    "Whether preferred leaders get their partitions back by themselves.",
  ),
  "leader.imbalance.check.interval.seconds": long(
    300,
    { importance: "high", status: accepted(reasons.oneNode), validator: atLeast(1) },
    "Seconds between looks for partitions that the preferred leader should lead.",
  ),
  "replica.selector.class": string(
    null,
    { importance: "medium", status: accepted(reasons.oneNode) },
    "Java class that picks the replica from which a consumer reads.",
  ),
  "follower.fetch.last.tiered.offset.enable": boolean(
    false,
    { importance: "medium", status: accepted(reasons.tiered), updateMode: "cluster-wide" },
    "Whether an empty follower skips what is in tiered storage.",
  ),
};
