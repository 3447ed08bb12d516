import { accepted, acts, int, list, long, string } from "../config-key.ts";
import { reasons } from "./reasons.ts";
import { atLeast, listOf } from "../validator.ts";

/** What is measured and where it goes. */
export const metricsKeys = {
  "metrics.num.samples": int(
    2,
    { importance: "low", status: accepted(reasons.jmx), validator: atLeast(1) },
    "Samples from which Java metrics are computed.",
  ),
  "metrics.sample.window.ms": long(
    30000,
    { importance: "low", status: accepted(reasons.jmx), validator: atLeast(1) },
    "Length in milliseconds of a sample of Java metrics.",
  ),
  "metric.reporters": list(
    ["org.apache.kafka.common.metrics.JmxReporter"],
    {
      importance: "low",
      status: accepted(reasons.jmx),
      validator: listOf(),
      updateMode: "cluster-wide",
    },
    "Java classes that report metrics.",
  ),
  "metrics.recording.level": string(
    "INFO",
    { importance: "low", status: accepted(reasons.jmx) },
    "How much is measured: INFO, DEBUG or TRACE.",
  ),
  "kafka.metrics.reporters": list(
    [],
    { importance: "low", status: accepted(reasons.jmx), validator: listOf() },
    "Java classes that report the older kind of metrics.",
  ),
  "kafka.metrics.polling.interval.secs": int(
    10,
    { importance: "low", status: accepted(reasons.jmx), validator: atLeast(1) },
    "Seconds between reports of the older kind of metrics.",
  ),
  "telemetry.max.bytes": int(
    1048576,
    { importance: "low", status: acts, validator: atLeast(1) },
    "Largest report of metrics in bytes that a client may push.",
  ),
};
