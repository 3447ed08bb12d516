import { accepted, acts, boolean, int, list, refusedUnless, string } from "../config-key.ts";
import { reasons } from "./reasons.ts";
import { atLeast } from "../validator.ts";

/** The quorum of controllers. */
export const quorumKeys = {
  "controller.quorum.voters": list(
    [],
    { importance: "high", status: acts },
    "Controllers that vote, as id@host:port; this node alone.",
  ),
  "controller.quorum.bootstrap.servers": list(
    [],
    { importance: "high", status: acts },
    "Addresses where a quorum of controllers can be found.",
  ),
  "controller.quorum.election.timeout.ms": int(
    1000,
    { importance: "high", status: accepted(reasons.oneNode), validator: atLeast(0) },
    "Milliseconds without a leader after which a controller stands for election.",
  ),
  "controller.quorum.fetch.timeout.ms": int(
    2000,
    { importance: "high", status: accepted(reasons.oneNode), validator: atLeast(0) },
    "Milliseconds without an answer from the leading controller after which a new one is elected.",
  ),
  "controller.quorum.election.backoff.max.ms": int(
    1000,
    { importance: "high", status: accepted(reasons.oneNode), validator: atLeast(0) },
    "Most milliseconds between two elections.",
  ),
  "controller.quorum.append.linger.ms": int(
    25,
    { importance: "medium", status: accepted(reasons.oneNode), validator: atLeast(0) },
    "Milliseconds in which the leading controller gathers records before it writes them.",
  ),
  "controller.quorum.request.timeout.ms": int(
    2000,
    { importance: "medium", status: accepted(reasons.oneNode), validator: atLeast(0) },
    "Milliseconds that a controller waits for another one's answer.",
  ),
  "controller.quorum.retry.backoff.ms": int(
    20,
    { importance: "low", status: accepted(reasons.oneNode), validator: atLeast(0) },
    "Milliseconds before a failed request between controllers is tried again.",
  ),
  "controller.quorum.auto.join.enable": boolean(
    false,
    {
      importance: "low",
      status: refusedUnless(["false"], "a quorum of several controllers is not built"),
    },
    "Whether this controller joins a quorum by itself.",
  ),
  "controller.quorum.fetch.snapshot.max.bytes": int(
    1048576,
    { importance: "low", status: accepted(reasons.oneNode), validator: atLeast(1) },
    "Most bytes of a metadata snapshot in one answer between controllers.",
  ),
  "controller.quorum.fetch.max.bytes": int(
    1048576,
    { importance: "low", status: accepted(reasons.oneNode), validator: atLeast(1) },
    "Most bytes of the metadata log in one answer between controllers.",
  ),
  "sasl.mechanism.controller.protocol": string(
    "GSSAPI",
    { importance: "high", status: accepted(reasons.oneNode) },
    "SASL mechanism between controllers.",
  ),
};
