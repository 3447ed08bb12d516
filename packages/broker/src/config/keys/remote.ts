import {
  LONG_MAX,
  accepted,
  boolean,
  double,
  int,
  long,
  refusedUnless,
  string,
} from "../config-key.ts";
import { reasons } from "./reasons.ts";
import { atLeast, between, notEmpty } from "../validator.ts";

/** Tiered storage. */
export const remoteKeys = {
  "remote.log.storage.system.enable": boolean(
    false,
    { importance: "medium", status: refusedUnless(["false"], "tiered storage is not built") },
    "Whether old segments are moved to tiered storage.",
  ),
  "remote.log.storage.manager.impl.prefix": string(
    "rsm.config.",
    { importance: "medium", status: accepted(reasons.tiered), validator: notEmpty },
    "Prefix of the configurations that the storage plug-in gets.",
  ),
  "remote.log.metadata.manager.impl.prefix": string(
    "rlmm.config.",
    { importance: "medium", status: accepted(reasons.tiered), validator: notEmpty },
    "Prefix of the configurations that the metadata plug-in gets.",
  ),
  "remote.log.storage.manager.class.name": string(
    null,
    { importance: "medium", status: accepted(reasons.tiered), validator: notEmpty },
    "Java class that stores segments.",
  ),
  "remote.log.storage.manager.class.path": string(
    null,
    { importance: "medium", status: accepted(reasons.tiered) },
    "Where the storage plug-in's Java classes are.",
  ),
  "remote.log.metadata.manager.class.name": string(
    "org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager",
    { importance: "medium", status: accepted(reasons.tiered), validator: notEmpty },
    "Java class that remembers what is stored where.",
  ),
  "remote.log.metadata.manager.class.path": string(
    null,
    { importance: "medium", status: accepted(reasons.tiered) },
    "Where the metadata plug-in's Java classes are.",
  ),
  "remote.log.metadata.manager.listener.name": string(
    null,
    { importance: "medium", status: accepted(reasons.tiered), validator: notEmpty },
    "Listener that the metadata plug-in connects to.",
  ),
  "remote.log.metadata.custom.metadata.max.bytes": int(
    128,
    { importance: "low", status: accepted(reasons.tiered), validator: atLeast(0) },
    "Most bytes of a plug-in's own metadata for a segment.",
  ),
  "remote.log.index.file.cache.total.size.bytes": long(
    1073741824,
    {
      importance: "low",
      status: accepted(reasons.tiered),
      validator: atLeast(1),
      updateMode: "cluster-wide",
    },
    "Most bytes of indexes kept from tiered storage.",
  ),
  "remote.log.index.file.cache.ttl.ms": long(
    900000,
    {
      importance: "low",
      status: accepted(reasons.tiered),
      validator: atLeast(-1),
      isInternal: true,
    },
    "Milliseconds without use after which an index from tiered storage is dropped.",
  ),
  "remote.log.manager.thread.pool.size": int(
    2,
    { importance: "medium", status: accepted(reasons.tiered), validator: atLeast(1) },
    "Threads that plan copies to tiered storage.",
  ),
  "remote.log.manager.copier.thread.pool.size": int(
    10,
    {
      importance: "medium",
      status: accepted(reasons.tiered),
      validator: atLeast(1),
      updateMode: "cluster-wide",
    },
    "Threads that copy segments to tiered storage.",
  ),
  "remote.log.manager.expiration.thread.pool.size": int(
    10,
    {
      importance: "medium",
      status: accepted(reasons.tiered),
      validator: atLeast(1),
      updateMode: "cluster-wide",
    },
    "Threads that delete segments from tiered storage.",
  ),
  "remote.log.manager.follower.thread.pool.size": int(
    2,
    {
      importance: "medium",
      status: accepted(reasons.tiered),
      validator: atLeast(1),
      updateMode: "cluster-wide",
    },
    "Threads that look after followed partitions in tiered storage.",
  ),
  "remote.log.manager.task.interval.ms": long(
    30000,
    { importance: "low", status: accepted(reasons.tiered), validator: atLeast(1) },
    "Milliseconds between looks for segments to copy.",
  ),
  "remote.log.manager.task.retry.backoff.ms": long(
    500,
    {
      importance: "low",
      status: accepted(reasons.tiered),
      validator: atLeast(1),
      isInternal: true,
    },
    "Milliseconds before a failed copy is first tried again.",
  ),
  "remote.log.manager.task.retry.backoff.max.ms": long(
    30000,
    {
      importance: "low",
      status: accepted(reasons.tiered),
      validator: atLeast(1),
      isInternal: true,
    },
    "Most milliseconds before a failed copy is tried again.",
  ),
  "remote.log.manager.task.retry.jitter": double(
    0.2,
    {
      importance: "low",
      status: accepted(reasons.tiered),
      validator: between(0, 0.5),
      isInternal: true,
    },
    "Share of chance added to the time before a copy is tried again.",
  ),
  "remote.log.reader.threads": int(
    10,
    {
      importance: "medium",
      status: accepted(reasons.tiered),
      validator: atLeast(1),
      updateMode: "cluster-wide",
    },
    "Threads that read from tiered storage.",
  ),
  "remote.log.reader.max.pending.tasks": int(
    100,
    { importance: "medium", status: accepted(reasons.tiered), validator: atLeast(1) },
    "Most reads that wait for tiered storage.",
  ),
  "log.local.retention.ms": long(
    -2,
    {
      importance: "medium",
      status: accepted(reasons.tiered),
      validator: atLeast(-2),
      updateMode: "cluster-wide",
    },
    "Milliseconds for which a segment stays here after it was copied, -2 for as long as it is kept at all.",
  ),
  "log.local.retention.bytes": long(
    -2,
    {
      importance: "medium",
      status: accepted(reasons.tiered),
      validator: atLeast(-2),
      updateMode: "cluster-wide",
    },
    "Most bytes of a partition that stay here after they were copied, -2 for as many as are kept at all.",
  ),
  "remote.log.manager.copy.max.bytes.per.second": long(
    LONG_MAX,
    {
      importance: "medium",
      status: accepted(reasons.tiered),
      validator: atLeast(1),
      updateMode: "cluster-wide",
    },
    "Most bytes a second copied to tiered storage.",
  ),
  "remote.log.manager.copy.quota.window.num": int(
    11,
    { importance: "medium", status: accepted(reasons.tiered), validator: atLeast(1) },
    "Samples over which copies are measured.",
  ),
  "remote.log.manager.copy.quota.window.size.seconds": int(
    1,
    { importance: "medium", status: accepted(reasons.tiered), validator: atLeast(1) },
    "Length in seconds of a sample of copies.",
  ),
  "remote.log.manager.fetch.max.bytes.per.second": long(
    LONG_MAX,
    {
      importance: "medium",
      status: accepted(reasons.tiered),
      validator: atLeast(1),
      updateMode: "cluster-wide",
    },
    "Most bytes a second read from tiered storage.",
  ),
  "remote.log.manager.fetch.quota.window.num": int(
    11,
    { importance: "medium", status: accepted(reasons.tiered), validator: atLeast(1) },
    "Samples over which reads are measured.",
  ),
  "remote.log.manager.fetch.quota.window.size.seconds": int(
    1,
    { importance: "medium", status: accepted(reasons.tiered), validator: atLeast(1) },
    "Length in seconds of a sample of reads.",
  ),
  "remote.fetch.max.wait.ms": int(
    500,
    {
      importance: "medium",
      status: accepted(reasons.tiered),
      validator: atLeast(1),
      updateMode: "cluster-wide",
    },
    "Milliseconds that a fetch waits for tiered storage.",
  ),
  "remote.list.offsets.request.timeout.ms": long(
    30000,
    {
      importance: "medium",
      status: accepted(reasons.tiered),
      validator: atLeast(1),
      updateMode: "cluster-wide",
    },
    "Milliseconds that a look for a timestamp waits for tiered storage.",
  ),
};
