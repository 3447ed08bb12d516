import { accepted, acts, boolean, int, refusedUnless, short } from "../config-key.ts";
import { reasons } from "./reasons.ts";
import { atLeast } from "../validator.ts";

/** Transactions and idempotent producers. */
export const transactionsKeys = {
  "transaction.state.log.min.isr": int(
    2,
    { importance: "high", status: acts, validator: atLeast(1) },
    "Fewest in-sync replicas for a write to the topic that holds transactions.",
  ),
  "transaction.state.log.load.buffer.size": int(
    5242880,
    { importance: "high", status: accepted(reasons.coordinatorLog), validator: atLeast(1) },
    "Bytes read at once when a coordinator loads its transactions.",
  ),
  "transaction.state.log.replication.factor": short(
    3,
    { importance: "high", status: acts, validator: atLeast(1) },
    "Replicas of the topic that holds transactions.",
  ),
  "transaction.state.log.num.partitions": int(
    50,
    { importance: "high", status: acts, validator: atLeast(1) },
    "Partitions of the topic that holds transactions.",
  ),
  "transaction.state.log.segment.bytes": int(
    104857600,
    { importance: "high", status: acts, validator: atLeast(1) },
    "Size in bytes of a segment of the topic that holds transactions.",
  ),
  "transaction.partition.verification.enable": boolean(
    true,
    { importance: "low", status: acts, updateMode: "cluster-wide" },
    "Whether a transactional write is checked against the transaction's partitions.",
  ),
  "producer.id.expiration.ms": int(
    86400000,
    { importance: "low", status: acts, validator: atLeast(1), updateMode: "cluster-wide" },
    "Milliseconds without a write after which a partition forgets a producer.",
  ),
  "producer.id.expiration.check.interval.ms": int(
    600000,
    { importance: "low", status: acts, validator: atLeast(1), isInternal: true },
    "Milliseconds between looks for producers to forget.",
  ),
  "transactional.id.expiration.ms": int(
    604800000,
    { importance: "high", status: acts, validator: atLeast(1) },
    "Milliseconds without use after which a transactional id is forgotten.",
  ),
  "transaction.max.timeout.ms": int(
    900000,
    { importance: "high", status: acts, validator: atLeast(1) },
    "Longest time-out in milliseconds that a transaction may ask for.",
  ),
  "transaction.abort.timed.out.transaction.cleanup.interval.ms": int(
    10000,
    { importance: "low", status: acts, validator: atLeast(1) },
    "Milliseconds between looks for transactions that have timed out.",
  ),
  "transaction.remove.expired.transaction.cleanup.interval.ms": int(
    3600000,
    { importance: "low", status: acts, validator: atLeast(1) },
    "Milliseconds between looks for transactional ids to forget.",
  ),
  "transaction.two.phase.commit.enable": boolean(
    false,
    { importance: "low", status: refusedUnless(["false"], "two-phase commit is not built") },
    "Whether transactions may be prepared by an outside coordinator.",
  ),
  "add.partitions.to.txn.retry.backoff.max.ms": int(
    100,
    { importance: "high", status: accepted(reasons.oneNode), validator: atLeast(0) },
    "Most milliseconds before a partition is added to a transaction again.",
  ),
  "add.partitions.to.txn.retry.backoff.ms": int(
    20,
    { importance: "high", status: accepted(reasons.oneNode), validator: atLeast(1) },
    "Milliseconds before a partition is first added to a transaction again.",
  ),
};
