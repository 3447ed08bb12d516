export type { Comparison } from "./compare.ts";
export { kafkaJars } from "./kafka-jars.ts";
export type { KafkaJars } from "./kafka-jars.ts";
export { isClean, report, specCheck } from "./spec-check.ts";
