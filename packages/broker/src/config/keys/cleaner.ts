import { LONG_MAX, accepted, acts, boolean, double, int, long } from "../config-key.ts";
import { atLeast, between } from "../validator.ts";

/** Compaction. */
export const cleanerKeys = {
  "log.cleaner.threads": int(
    1,
    {
      importance: "medium",
      status: accepted("one log is compacted at a time"),
      validator: atLeast(0),
      updateMode: "cluster-wide",
    },
    "How many partitions are compacted at the same time.",
  ),
  "log.cleaner.io.max.bytes.per.second": double(
    Number.MAX_VALUE,
    { importance: "medium", status: acts, updateMode: "cluster-wide" },
    "Most bytes a second that compaction reads and writes.",
  ),
  "log.cleaner.dedupe.buffer.size": long(
    134217728,
    { importance: "medium", status: acts, updateMode: "cluster-wide" },
    "Bytes of memory for the offsets of keys during compaction, over all cleaners.",
  ),
  "log.cleaner.io.buffer.size": int(
    524288,
    {
      importance: "medium",
      status: accepted("compaction reads and writes with buffers of its own"),
      validator: atLeast(0),
      updateMode: "cluster-wide",
    },
    "Bytes of memory for reading and writing during compaction, over all cleaners.",
  ),
  "log.cleaner.io.buffer.load.factor": double(
    0.9,
    { importance: "medium", status: acts, updateMode: "cluster-wide" },
    "How full the memory for keys may get, from 0 to 1.",
  ),
  "log.cleaner.backoff.ms": long(
    15000,
    {
      importance: "medium",
      status: acts,
      validator: atLeast(0),
      updateMode: "cluster-wide",
    },
    "Milliseconds before the next look when there was nothing to compact.",
  ),
  "log.cleaner.min.cleanable.ratio": double(
    0.5,
    { importance: "medium", status: acts, validator: between(0, 1), updateMode: "cluster-wide" },
    "Share of not yet compacted bytes from which a partition is compacted.",
  ),
  "log.cleaner.enable": boolean(
    true,
    { importance: "medium", status: acts },
    "Whether topics are compacted at all.",
  ),
  "log.cleaner.delete.retention.ms": long(
    86400000,
    { importance: "medium", status: acts, validator: atLeast(0), updateMode: "cluster-wide" },
    "Milliseconds for which a compacted topic keeps tombstones.",
  ),
  "log.cleaner.min.compaction.lag.ms": long(
    0,
    { importance: "medium", status: acts, validator: atLeast(0), updateMode: "cluster-wide" },
    "Milliseconds for which a record is safe from compaction.",
  ),
  "log.cleaner.max.compaction.lag.ms": long(
    LONG_MAX,
    { importance: "medium", status: acts, validator: atLeast(1), updateMode: "cluster-wide" },
    "Most milliseconds that a record waits for compaction.",
  ),
};
