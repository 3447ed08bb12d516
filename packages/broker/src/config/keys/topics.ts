import { accepted, acts, boolean, className, int, long, refusedUnless } from "../config-key.ts";
import { reasons } from "./reasons.ts";
import { atLeast } from "../validator.ts";

/** What a new topic gets, and what may be done to topics. */
export const topicsKeys = {
  "num.partitions": int(
    1,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Partitions of a topic that is created without a number of them.",
  ),
  "default.replication.factor": int(
    1,
    { importance: "medium", status: acts },
    "Replicas of a topic that is created without a number of them.",
  ),
  "min.insync.replicas": int(
    1,
    { importance: "high", status: acts, validator: atLeast(1), updateMode: "cluster-wide" },
    "Fewest in-sync replicas with which acks=all is answered.",
  ),
  "auto.create.topics.enable": boolean(
    true,
    { importance: "high", status: acts },
    "Whether asking for an unknown topic creates it.",
  ),
  "delete.topic.enable": boolean(
    true,
    { importance: "high", status: acts },
    "Whether topics can be deleted.",
  ),
  "create.topic.policy.class.name": className(
    null,
    {
      importance: "low",
      status: refusedUnless(
        [],
        "Java policies cannot be loaded, and topics would be created without being checked",
      ),
    },
    "Java class that decides whether a topic may be created.",
  ),
  "alter.config.policy.class.name": className(
    null,
    {
      importance: "low",
      status: refusedUnless(
        [],
        "Java policies cannot be loaded, and configurations would be changed without being checked",
      ),
    },
    "Java class that decides whether a configuration may be changed.",
  ),
  "unclean.leader.election.enable": boolean(
    false,
    { importance: "high", status: acts, updateMode: "cluster-wide" },
    "Whether a replica that lacks records may lead when no other is left.",
  ),
  "unclean.leader.election.interval.ms": long(
    300000,
    {
      importance: "medium",
      status: accepted(reasons.oneNode),
      validator: atLeast(1),
      isInternal: true,
    },
    "Milliseconds between looks for partitions that need an unclean election.",
  ),
};
