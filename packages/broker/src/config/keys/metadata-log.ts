import { accepted, acts, int, long, string } from "../config-key.ts";
import { reasons } from "./reasons.ts";
import { atLeast } from "../validator.ts";

/** The log of cluster metadata and its snapshots. */
export const metadataLogKeys = {
  "metadata.log.dir": string(
    null,
    { importance: "high", status: acts },
    "Directory of the metadata log, one of log.dirs; the first of them when nothing is given.",
  ),
  "metadata.log.max.record.bytes.between.snapshots": long(
    20971520,
    { importance: "high", status: acts, validator: atLeast(1) },
    "Bytes of metadata records after which a snapshot is written.",
  ),
  "metadata.log.max.snapshot.interval.ms": long(
    3600000,
    { importance: "high", status: acts, validator: atLeast(0) },
    "Most milliseconds without a snapshot while there are new records; 0 turns the time limit off.",
  ),
  "metadata.log.segment.bytes": int(
    1073741824,
    { importance: "high", status: acts, validator: atLeast(8388608) },
    "Size in bytes at which the metadata log begins a new segment.",
  ),
  "metadata.log.segment.ms": long(
    604800000,
    { importance: "high", status: acts },
    "Age in milliseconds at which the metadata log begins a new segment.",
  ),
  "metadata.max.retention.bytes": long(
    104857600,
    { importance: "high", status: accepted(reasons.metadataRetention) },
    "Most bytes of metadata log and snapshots kept before old ones are deleted.",
  ),
  "metadata.max.retention.ms": long(
    604800000,
    { importance: "high", status: accepted(reasons.metadataRetention) },
    "Milliseconds for which old metadata segments and snapshots are kept.",
  ),
  "metadata.max.idle.interval.ms": int(
    500,
    { importance: "low", status: accepted(reasons.idle), validator: atLeast(0) },
    "Milliseconds after which an idle controller writes a no-operation record.",
  ),
  "internal.metadata.log.segment.bytes": int(
    null,
    { importance: "low", status: accepted(reasons.tests), isInternal: true },
    "Size in bytes of a metadata segment in Kafka's own tests.",
  ),
  "internal.metadata.max.batch.size.in.bytes": int(
    8388608,
    { importance: "low", status: accepted(reasons.tests), isInternal: true },
    "Size in bytes of a metadata batch in Kafka's own tests.",
  ),
  "internal.metadata.delete.delay.millis": long(
    60000,
    { importance: "low", status: accepted(reasons.tests), isInternal: true },
    "Milliseconds before metadata files are removed in Kafka's own tests.",
  ),
};
