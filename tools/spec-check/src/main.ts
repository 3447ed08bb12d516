/** Compares the protocol's messages with Apache Kafka's: npm run spec-check */
import process from "node:process";
import { kafkaJars } from "./kafka-jars.ts";
import { isClean, report, specCheck } from "./spec-check.ts";

const jars = kafkaJars();
if ("missing" in jars) {
  process.stderr.write(`spec-check: skipped: ${jars.missing}\n`);
  process.exitCode = process.env["CI"] === "true" ? 1 : 0;
} else {
  const comparison = specCheck(jars.folder);
  process.stdout.write(`${report(comparison).join("\n")}\n`);
  process.exitCode = isClean(comparison) ? 0 : 1;
}
