import {
  LONG_MAX,
  accepted,
  acts,
  boolean,
  int,
  list,
  long,
  refusedUnless,
  string,
} from "../config-key.ts";
import { reasons } from "./reasons.ts";
import { atLeast, between, listOf, oneOf, orExactly } from "../validator.ts";

/** Where records are kept, in what segments, and for how long. */
export const logKeys = {
  "log.dir": list(
    ["/tmp/kafka-logs"],
    { importance: "high", status: acts, validator: listOf({ allowEmpty: false }) },
    "Directories of the data when log.dirs is not given.",
  ),
  "log.dirs": list(
    null,
    { importance: "high", status: acts, validator: listOf({ allowEmpty: false }) },
    "Directories of the data, separated by commas.",
  ),
  "cordoned.log.dirs": list(
    [],
    {
      importance: "medium",
      status: refusedUnless([""], "log directories cannot be cordoned yet"),
      validator: listOf(),
      updateMode: "per-broker",
    },
    "Directories that get no new partitions, or * for all of them.",
  ),
  "log.segment.bytes": int(
    1073741824,
    { importance: "high", status: acts, validator: atLeast(1048576), updateMode: "cluster-wide" },
    "Size in bytes at which a partition begins a new segment.",
  ),
  "log.roll.ms": long(
    null,
    { importance: "high", status: acts, updateMode: "cluster-wide" },
    "Milliseconds after which a partition begins a new segment, full or not.",
  ),
  "log.roll.hours": int(
    168,
    { importance: "high", status: acts, validator: atLeast(1) },
    "Hours after which a partition begins a new segment; log.roll.ms is stronger.",
  ),
  "log.roll.jitter.ms": long(
    null,
    { importance: "high", status: acts, updateMode: "cluster-wide" },
    "Most milliseconds taken off the roll time at random, so that segments do not end together.",
  ),
  "log.roll.jitter.hours": int(
    0,
    { importance: "high", status: acts, validator: atLeast(0) },
    "Most hours taken off the roll time at random; log.roll.jitter.ms is stronger.",
  ),
  "log.retention.ms": long(
    null,
    { importance: "high", status: acts, updateMode: "cluster-wide" },
    "Milliseconds for which records are kept, -1 for ever.",
  ),
  "log.retention.minutes": int(
    null,
    { importance: "high", status: acts },
    "Minutes for which records are kept; log.retention.ms is stronger.",
  ),
  "log.retention.hours": int(
    168,
    { importance: "high", status: acts },
    "Hours for which records are kept; log.retention.minutes and log.retention.ms are stronger.",
  ),
  "log.retention.bytes": long(
    -1,
    { importance: "high", status: acts, updateMode: "cluster-wide" },
    "Most bytes that a partition keeps before its oldest segments are deleted, -1 for no limit.",
  ),
  "log.retention.check.interval.ms": long(
    300000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Milliseconds between looks for segments that may be deleted.",
  ),
  "log.cleanup.policy": list(
    ["delete"],
    {
      importance: "medium",
      status: acts,
      validator: listOf({ words: ["compact", "delete"] }),
      updateMode: "cluster-wide",
    },
    "What becomes of old segments: delete, compact, both, or nothing when empty.",
  ),
  "log.index.size.max.bytes": int(
    10485760,
    { importance: "medium", status: acts, validator: atLeast(4), updateMode: "cluster-wide" },
    "Largest size in bytes of an offset or time index.",
  ),
  "log.index.interval.bytes": int(
    4096,
    { importance: "medium", status: acts, validator: atLeast(0), updateMode: "cluster-wide" },
    "Bytes of records between two entries of an index.",
  ),
  "log.flush.interval.messages": long(
    LONG_MAX,
    { importance: "high", status: acts, validator: atLeast(1), updateMode: "cluster-wide" },
    "Records that may gather in a partition before it is flushed to disk.",
  ),
  "log.flush.interval.ms": long(
    null,
    { importance: "high", status: acts, updateMode: "cluster-wide" },
    "Milliseconds that a record may wait before it is flushed to disk.",
  ),
  "log.flush.scheduler.interval.ms": long(
    LONG_MAX,
    { importance: "high", status: acts },
    "Milliseconds between looks for partitions that are due to be flushed.",
  ),
  "log.flush.offset.checkpoint.interval.ms": int(
    60000,
    { importance: "high", status: acts, validator: atLeast(0) },
    "Milliseconds between writes of the recovery point checkpoint.",
  ),
  "log.flush.start.offset.checkpoint.interval.ms": int(
    60000,
    { importance: "high", status: acts, validator: atLeast(0) },
    "Milliseconds between writes of the log start offset checkpoint.",
  ),
  "log.segment.delete.delay.ms": long(
    60000,
    { importance: "high", status: acts, validator: atLeast(0), updateMode: "cluster-wide" },
    "Milliseconds between taking a file out of use and removing it.",
  ),
  "log.preallocate": boolean(
    false,
    { importance: "medium", status: acts, updateMode: "cluster-wide" },
    "Whether a new segment gets its full size on disk at once.",
  ),
  "log.message.timestamp.type": string(
    "CreateTime",
    {
      importance: "medium",
      status: acts,
      validator: oneOf("CreateTime", "LogAppendTime"),
      updateMode: "cluster-wide",
    },
    "Whether a record carries the producer's time or the time of its append.",
  ),
  "log.message.timestamp.before.max.ms": long(
    LONG_MAX,
    { importance: "medium", status: acts, validator: atLeast(0), updateMode: "cluster-wide" },
    "How many milliseconds older than the broker's clock a record's time may be.",
  ),
  "log.message.timestamp.after.max.ms": long(
    3600000,
    { importance: "medium", status: acts, validator: atLeast(0), updateMode: "cluster-wide" },
    "How many milliseconds ahead of the broker's clock a record's time may be.",
  ),
  "log.dir.failure.timeout.ms": long(
    30000,
    { importance: "low", status: accepted(reasons.oneNode), validator: atLeast(1) },
    "Milliseconds in which the controller must hear of a failed directory before the broker stops.",
  ),
  "log.initial.task.delay.ms": long(
    30000,
    { importance: "low", status: accepted(reasons.tests), validator: atLeast(0), isInternal: true },
    "Milliseconds between start and the first round of log housekeeping.",
  ),
  "num.recovery.threads.per.data.dir": int(
    2,
    {
      importance: "high",
      status: acts,
      validator: atLeast(1),
      updateMode: "cluster-wide",
    },
    "Threads of a directory that recover partitions at start and flush them at stop.",
  ),
  "num.replica.alter.log.dirs.threads": int(
    null,
    { importance: "high", status: accepted(reasons.threads) },
    "Threads that move replicas between directories.",
  ),
  "message.max.bytes": int(
    1048588,
    { importance: "high", status: acts, validator: atLeast(0), updateMode: "cluster-wide" },
    "Largest batch of records in bytes that a partition accepts.",
  ),
  "compression.type": string(
    "producer",
    {
      importance: "high",
      status: acts,
      validator: oneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"),
      updateMode: "cluster-wide",
    },
    "Compression of the records on disk; producer keeps what the producer chose.",
  ),
  "compression.gzip.level": int(
    -1,
    {
      importance: "medium",
      status: acts,
      validator: orExactly(-1, between(1, 9)),
      updateMode: "cluster-wide",
    },
    "Effort of gzip from 1 to 9, -1 for its own default.",
  ),
  "compression.lz4.level": int(
    9,
    {
      importance: "medium",
      status: accepted(reasons.lz4),
      validator: between(1, 17),
      updateMode: "cluster-wide",
    },
    "Effort of lz4 from 1 to 17.",
  ),
  "compression.zstd.level": int(
    3,
    {
      importance: "medium",
      status: acts,
      validator: between(-131072, 22),
      updateMode: "cluster-wide",
    },
    "Effort of zstd; negative levels are faster.",
  ),
};
