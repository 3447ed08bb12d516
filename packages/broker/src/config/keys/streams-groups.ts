import { acts, int } from "../config-key.ts";
import { atLeast } from "../validator.ts";

/** Streams groups. */
export const streamsGroupsKeys = {
  "group.streams.session.timeout.ms": int(
    45000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Milliseconds without a heartbeat after which a streams group drops a member.",
  ),
  "group.streams.min.session.timeout.ms": int(
    45000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Smallest session time-out in milliseconds that a streams group may be given.",
  ),
  "group.streams.max.session.timeout.ms": int(
    60000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Largest session time-out in milliseconds that a streams group may be given.",
  ),
  "group.streams.heartbeat.interval.ms": int(
    5000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Milliseconds between heartbeats of a streams group's members.",
  ),
  "group.streams.min.heartbeat.interval.ms": int(
    5000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Smallest heartbeat interval in milliseconds that a streams group may be given.",
  ),
  "group.streams.max.heartbeat.interval.ms": int(
    15000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Largest heartbeat interval in milliseconds that a streams group may be given.",
  ),
  "group.streams.max.size": int(
    2147483647,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Most members of a streams group.",
  ),
  "group.streams.num.standby.replicas": int(
    0,
    { importance: "medium", status: acts, validator: atLeast(0) },
    "Standby copies of each task's state in a streams group.",
  ),
  "group.streams.max.standby.replicas": int(
    2,
    { importance: "medium", status: acts, validator: atLeast(0) },
    "Most standby copies that a streams group may be given.",
  ),
  "group.streams.initial.rebalance.delay.ms": int(
    3000,
    { importance: "medium", status: acts, validator: atLeast(0) },
    "Milliseconds that a new streams group waits for further members.",
  ),
  "group.streams.assignment.interval.ms": int(
    1000,
    {
      importance: "medium",
      status: acts,
      validator: atLeast(0),
      updateMode: "cluster-wide",
    },
    "Milliseconds between two assignments of a streams group.",
  ),
  "group.streams.min.assignment.interval.ms": int(
    0,
    { importance: "medium", status: acts, validator: atLeast(0) },
    "Smallest assignment interval in milliseconds that a streams group may be given.",
  ),
  "group.streams.max.assignment.interval.ms": int(
    15000,
    { importance: "medium", status: acts, validator: atLeast(0) },
    "Largest assignment interval in milliseconds that a streams group may be given.",
  ),
};
