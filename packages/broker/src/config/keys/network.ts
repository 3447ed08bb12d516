import { accepted, acts, int, long, string } from "../config-key.ts";
import { reasons } from "./reasons.ts";
import { atLeast } from "../validator.ts";

/** Connections, frames and the queues between them. */
export const networkKeys = {
  "socket.send.buffer.bytes": int(
    102400,
    { importance: "high", status: accepted(reasons.socketBuffers) },
    "Size in bytes of a socket's send buffer, -1 for the system's own.",
  ),
  "socket.receive.buffer.bytes": int(
    102400,
    { importance: "high", status: accepted(reasons.socketBuffers) },
    "Size in bytes of a socket's receive buffer, -1 for the system's own.",
  ),
  "socket.request.max.bytes": int(
    104857600,
    { importance: "high", status: acts, validator: atLeast(1) },
    "Largest request in bytes; a bigger one closes the connection before anything is allocated.",
  ),
  "socket.listen.backlog.size": int(
    50,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "How many connections the kernel holds for a listener until they are accepted.",
  ),
  "max.connections.per.ip": int(
    2147483647,
    { importance: "medium", status: acts, validator: atLeast(0), updateMode: "cluster-wide" },
    "Most connections that one address may have open.",
  ),
  "max.connections.per.ip.overrides": string(
    "",
    { importance: "medium", status: acts, updateMode: "cluster-wide" },
    "Other limits for single hosts or addresses, as host:count separated by commas.",
  ),
  "max.connections": int(
    2147483647,
    { importance: "medium", status: acts, validator: atLeast(0), updateMode: "cluster-wide" },
    "Most connections that the broker has open; further ones are closed at once.",
  ),
  "max.connection.creation.rate": int(
    2147483647,
    {
      importance: "medium",
      status: acts,
      validator: atLeast(0),
      updateMode: "cluster-wide",
    },
    "Most new connections a second; further ones are closed at once.",
  ),
  "connections.max.idle.ms": long(
    600000,
    { importance: "medium", status: acts },
    "Milliseconds without a request after which a connection is closed.",
  ),
  "connection.failed.authentication.delay.ms": int(
    100,
    { importance: "low", status: acts, validator: atLeast(0) },
    "Milliseconds before a connection is closed whose authentication failed.",
  ),
  "queued.max.requests": int(
    500,
    { importance: "high", status: accepted(reasons.connectionBounds), validator: atLeast(1) },
    "Most requests that wait to be handled before connections are paused.",
  ),
  "queued.max.request.bytes": long(
    -1,
    { importance: "medium", status: accepted(reasons.connectionBounds) },
    "Most bytes of requests that wait to be handled, -1 for no limit.",
  ),
  "num.network.threads": int(
    3,
    {
      importance: "high",
      status: accepted(reasons.threads),
      validator: atLeast(1),
      updateMode: "cluster-wide",
    },
    "Threads that read requests from connections and write answers.",
  ),
  "num.io.threads": int(
    8,
    {
      importance: "high",
      status: accepted(reasons.threads),
      validator: atLeast(1),
      updateMode: "cluster-wide",
    },
    "Threads that handle requests.",
  ),
  "background.threads": int(
    10,
    {
      importance: "high",
      status: accepted(reasons.threads),
      validator: atLeast(1),
      updateMode: "cluster-wide",
    },
    "Threads for housekeeping.",
  ),
  "request.timeout.ms": int(
    30000,
    { importance: "high", status: accepted(reasons.oneNode) },
    "Milliseconds that a broker waits for another one's answer.",
  ),
  "socket.connection.setup.timeout.ms": long(
    10000,
    { importance: "medium", status: accepted(reasons.oneNode) },
    "Milliseconds that a broker waits for a connection to another one at first.",
  ),
  "socket.connection.setup.timeout.max.ms": long(
    30000,
    { importance: "medium", status: accepted(reasons.oneNode) },
    "Most milliseconds that a broker waits for a connection after failures in a row.",
  ),
  "max.incremental.fetch.session.cache.slots": int(
    1000,
    { importance: "medium", status: acts, validator: atLeast(0) },
    "How many incremental fetch sessions are remembered.",
  ),
  "fetch.max.bytes": int(
    57671680,
    { importance: "medium", status: acts, validator: atLeast(1024) },
    "Most bytes in the answer to one fetch, except for a first batch that is larger by itself.",
  ),
  "max.request.partition.size.limit": int(
    2000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Most partitions that one DescribeTopicPartitions answer holds.",
  ),
  "fetch.purgatory.purge.interval.requests": int(
    1000,
    { importance: "medium", status: accepted(reasons.purgatory) },
    "How many finished fetches may wait for removal from the waiting list.",
  ),
  "producer.purgatory.purge.interval.requests": int(
    1000,
    { importance: "medium", status: accepted(reasons.purgatory) },
    "How many finished produce requests may wait for removal from the waiting list.",
  ),
  "delete.records.purgatory.purge.interval.requests": int(
    1,
    { importance: "medium", status: accepted(reasons.purgatory) },
    "How many finished DeleteRecords requests may wait for removal from the waiting list.",
  ),
};
