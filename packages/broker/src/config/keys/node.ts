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
import { atLeast, listOf } from "../validator.ts";

/** Who this node is and how it runs. */
export const nodeKeys = {
  "process.roles": list(
    ["broker", "controller"],
    {
      importance: "high",
      status: acts,
      validator: listOf({ words: ["broker", "controller"], allowEmpty: false }),
    },
    "Roles of this node; Millrace runs broker and controller together.",
  ),
  "node.id": int(
    1,
    { importance: "high", status: acts, validator: atLeast(0) },
    "Number of this node in the cluster.",
  ),
  "broker.id": int(-1, { importance: "high", status: acts }, "Older name of node.id."),
  "broker.rack": string(
    null,
    { importance: "medium", status: acts },
    "Rack of this broker, told to clients and used to place replicas.",
  ),
  "initial.broker.registration.timeout.ms": int(
    60000,
    { importance: "medium", status: accepted(reasons.oneNode) },
    "Milliseconds in which a starting broker must be registered.",
  ),
  "broker.heartbeat.interval.ms": int(
    2000,
    { importance: "medium", status: accepted(reasons.oneNode) },
    "Milliseconds between a broker's heartbeats to the controller.",
  ),
  "broker.session.timeout.ms": int(
    9000,
    { importance: "medium", status: accepted(reasons.oneNode) },
    "Milliseconds without a heartbeat after which the controller fences a broker.",
  ),
  "controlled.shutdown.enable": boolean(
    true,
    { importance: "medium", status: accepted(reasons.oneNode) },
    "Whether a stopping broker hands over its leaderships first.",
  ),
  "controller.socket.timeout.ms": int(
    30000,
    { importance: "medium", status: accepted(reasons.oneNode) },
    "Milliseconds that the controller waits for a broker's answer.",
  ),
  "controller.performance.sample.period.ms": long(
    60000,
    {
      importance: "medium",
      status: accepted(reasons.performanceLog),
      validator: atLeast(100),
      isInternal: true,
    },
    "Milliseconds between log lines about the controller's speed.",
  ),
  "controller.performance.always.log.threshold.ms": long(
    2000,
    {
      importance: "medium",
      status: accepted(reasons.performanceLog),
      validator: atLeast(0),
      isInternal: true,
    },
    "Milliseconds from which a controller event is logged as slow.",
  ),
  "server.max.startup.time.ms": long(
    LONG_MAX,
    {
      importance: "medium",
      status: accepted(reasons.tests),
      validator: atLeast(0),
      isInternal: true,
    },
    "Most milliseconds that a start may take.",
  ),
  "unstable.api.versions.enable": boolean(
    false,
    { importance: "high", status: accepted(reasons.tests), isInternal: true },
    "Whether versions of requests that are still being designed are served.",
  ),
  "unstable.feature.versions.enable": boolean(
    false,
    { importance: "high", status: accepted(reasons.tests), isInternal: true },
    "Whether feature levels that are still being designed may be used.",
  ),
  "config.providers": list(
    [],
    {
      importance: "low",
      status: refusedUnless(
        [""],
        "references such as ${file:…} are not resolved; write the value itself",
      ),
      validator: listOf(),
      updateMode: "cluster-wide",
    },
    "Names of providers that resolve references in configuration values.",
  ),
};
