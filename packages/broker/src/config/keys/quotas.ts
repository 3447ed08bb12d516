import { accepted, acts, className, int, refusedUnless } from "../config-key.ts";
import { reasons } from "./reasons.ts";
import { atLeast } from "../validator.ts";

/** Quotas and the windows they are measured in. */
export const quotasKeys = {
  "quota.window.num": int(
    11,
    { importance: "low", status: acts, validator: atLeast(1) },
    "Samples over which a client's quota is measured.",
  ),
  "quota.window.size.seconds": int(
    1,
    { importance: "low", status: acts, validator: atLeast(1) },
    "Length in seconds of a sample of a client's quota.",
  ),
  "replication.quota.window.num": int(
    11,
    { importance: "low", status: accepted(reasons.replicationQuotas), validator: atLeast(1) },
    "Samples over which replication is measured for its throttle.",
  ),
  "replication.quota.window.size.seconds": int(
    1,
    { importance: "low", status: accepted(reasons.replicationQuotas), validator: atLeast(1) },
    "Length in seconds of a sample for the replication throttle.",
  ),
  "alter.log.dirs.replication.quota.window.num": int(
    11,
    { importance: "low", status: accepted(reasons.replicationQuotas), validator: atLeast(1) },
    "Samples over which moves between directories are measured.",
  ),
  "alter.log.dirs.replication.quota.window.size.seconds": int(
    1,
    { importance: "low", status: accepted(reasons.replicationQuotas), validator: atLeast(1) },
    "Length in seconds of a sample of moves between directories.",
  ),
  "controller.quota.window.num": int(
    11,
    { importance: "low", status: acts, validator: atLeast(1) },
    "Samples over which changes of metadata are measured.",
  ),
  "controller.quota.window.size.seconds": int(
    1,
    { importance: "low", status: acts, validator: atLeast(1) },
    "Length in seconds of a sample of changes of metadata.",
  ),
  "client.quota.callback.class": className(
    null,
    {
      importance: "low",
      status: refusedUnless(
        [],
        "Java quota callbacks cannot be loaded, and clients would not be limited",
      ),
    },
    "Java class that decides the quotas of clients.",
  ),
};
