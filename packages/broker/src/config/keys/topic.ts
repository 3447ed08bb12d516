import {
  LONG_MAX,
  accepted,
  acts,
  boolean,
  double,
  int,
  list,
  long,
  refusedUnless,
  string,
} from "../config-key.ts";
import { reasons } from "./reasons.ts";
import { atLeast, between, listOf, oneOf, orExactly, throttledReplicas } from "../validator.ts";

/** What a topic can be configured with; most have a default in a broker's configuration. */
export const topicKeys = {
  "segment.bytes": int(
    1073741824,
    { importance: "medium", status: acts, validator: atLeast(1048576) },
    "Size in bytes at which a new segment begins.",
  ),
  "segment.ms": long(
    604800000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Milliseconds after which a new segment begins, full or not.",
  ),
  "segment.jitter.ms": long(
    0,
    { importance: "medium", status: acts, validator: atLeast(0) },
    "Most milliseconds taken off segment.ms at random, so that segments do not end together.",
  ),
  "segment.index.bytes": int(
    10485760,
    { importance: "medium", status: acts, validator: atLeast(4) },
    "Largest size in bytes of an offset or time index.",
  ),
  "flush.messages": long(
    LONG_MAX,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Records that may gather before the partition is flushed to disk.",
  ),
  "flush.ms": long(
    LONG_MAX,
    { importance: "medium", status: acts, validator: atLeast(0) },
    "Milliseconds that a record may wait before it is flushed to disk.",
  ),
  "retention.bytes": long(
    -1,
    { importance: "medium", status: acts },
    "Most bytes that a partition keeps before its oldest segments are deleted, -1 for no limit.",
  ),
  "retention.ms": long(
    604800000,
    { importance: "medium", status: acts, validator: atLeast(-1) },
    "Milliseconds for which records are kept, -1 for ever.",
  ),
  "max.message.bytes": int(
    1048588,
    { importance: "medium", status: acts, validator: atLeast(0) },
    "Largest batch of records in bytes that is accepted.",
  ),
  "index.interval.bytes": int(
    4096,
    { importance: "medium", status: acts, validator: atLeast(0) },
    "Bytes of records between two entries of an index.",
  ),
  "delete.retention.ms": long(
    86400000,
    { importance: "medium", status: acts, validator: atLeast(0) },
    "Milliseconds for which compaction keeps tombstones.",
  ),
  "min.compaction.lag.ms": long(
    0,
    { importance: "medium", status: acts, validator: atLeast(0) },
    "Milliseconds for which a record is safe from compaction.",
  ),
  "max.compaction.lag.ms": long(
    LONG_MAX,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Most milliseconds that a record waits for compaction.",
  ),
  "file.delete.delay.ms": long(
    60000,
    { importance: "medium", status: acts, validator: atLeast(0) },
    "Milliseconds between taking a file out of use and removing it.",
  ),
  "min.cleanable.dirty.ratio": double(
    0.5,
    { importance: "medium", status: acts, validator: between(0, 1) },
    "Share of not yet compacted bytes from which a partition is compacted.",
  ),
  "cleanup.policy": list(
    ["delete"],
    { importance: "medium", status: acts, validator: listOf({ words: ["compact", "delete"] }) },
    "What becomes of old segments: delete, compact, both, or nothing when empty.",
  ),
  "unclean.leader.election.enable": boolean(
    false,
    { importance: "medium", status: acts },
    "Whether a replica that lacks records may lead when no other is left.",
  ),
  "min.insync.replicas": int(
    1,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Fewest in-sync replicas with which acks=all is answered.",
  ),
  "compression.type": string(
    "producer",
    {
      importance: "medium",
      status: acts,
      validator: oneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"),
    },
    "Compression of the records on disk; producer keeps what the producer chose.",
  ),
  "compression.gzip.level": int(
    -1,
    {
      importance: "medium",
      status: acts,
      validator: orExactly(-1, between(1, 9)),
    },
    "Effort of gzip from 1 to 9, -1 for its own default.",
  ),
  "compression.lz4.level": int(
    9,
    { importance: "medium", status: accepted(reasons.lz4), validator: between(1, 17) },
    "Effort of lz4 from 1 to 17.",
  ),
  "compression.zstd.level": int(
    3,
    {
      importance: "medium",
      status: acts,
      validator: between(-131072, 22),
    },
    "Effort of zstd; negative levels are faster.",
  ),
  preallocate: boolean(
    false,
    { importance: "medium", status: acts },
    "Whether a new segment gets its full size on disk at once.",
  ),
  "message.timestamp.type": string(
    "CreateTime",
    { importance: "medium", status: acts, validator: oneOf("CreateTime", "LogAppendTime") },
    "Whether a record carries the producer's time or the time of its append.",
  ),
  "message.timestamp.before.max.ms": long(
    LONG_MAX,
    { importance: "medium", status: acts, validator: atLeast(0) },
    "How many milliseconds older than the broker's clock a record's time may be.",
  ),
  "message.timestamp.after.max.ms": long(
    3600000,
    { importance: "medium", status: acts, validator: atLeast(0) },
    "How many milliseconds ahead of the broker's clock a record's time may be.",
  ),
  "leader.replication.throttled.replicas": list(
    [],
    {
      importance: "medium",
      status: accepted(reasons.oneNode),
      validator: throttledReplicas,
    },
    "Replicas whose leaders are throttled, as partition:broker, or * for all.",
  ),
  "follower.replication.throttled.replicas": list(
    [],
    {
      importance: "medium",
      status: accepted(reasons.oneNode),
      validator: throttledReplicas,
    },
    "Replicas that are throttled while they follow, as partition:broker, or * for all.",
  ),
  "remote.storage.enable": boolean(
    false,
    { importance: "medium", status: refusedUnless(["false"], "tiered storage is not built") },
    "Whether old segments are moved to tiered storage.",
  ),
  "local.retention.ms": long(
    -2,
    { importance: "medium", status: accepted(reasons.tiered), validator: atLeast(-2) },
    "Milliseconds for which a segment stays here after it was copied, -2 for retention.ms.",
  ),
  "local.retention.bytes": long(
    -2,
    { importance: "medium", status: accepted(reasons.tiered), validator: atLeast(-2) },
    "Most bytes of a partition that stay here after they were copied, -2 for retention.bytes.",
  ),
  "remote.log.copy.disable": boolean(
    false,
    { importance: "medium", status: accepted(reasons.tiered) },
    "Whether nothing more is copied to tiered storage.",
  ),
  "remote.log.delete.on.disable": boolean(
    false,
    { importance: "medium", status: accepted(reasons.tiered) },
    "Whether turning tiered storage off deletes what is in it.",
  ),
  // KIP-1191, of Apache Kafka 4.4: the name and default are its own.
  "errors.deadletterqueue.group.enable": boolean(
    false,
    { importance: "medium", status: acts },
    "Whether share groups may use the topic as their dead-letter topic.",
  ),
  "internal.segment.bytes": int(
    null,
    { importance: "medium", status: acts, isInternal: true },
    "Size in bytes of a segment without a smallest size, for tests.",
  ),
};
