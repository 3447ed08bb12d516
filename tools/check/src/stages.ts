import { prepareStage } from "./prepare-stage.ts";
import type { Stage } from "./stage.ts";
import { testStage } from "./test-stage.ts";
import { toolStage } from "./tool-stage.ts";

/** Every gate, in the order of `npm test`: the cheap ones first. */
export const stages: readonly Stage[] = [
  toolStage({
    name: "format",
    claim: "Biome's format",
    script: "node_modules/@biomejs/biome/bin/biome",
    args: ["format", "--max-diagnostics=40", "."],
    writeArgs: ["format", "--write", "."],
    advice: "run npm run format",
  }),
  toolStage({
    name: "types",
    claim: "the TypeScript compiler's checks",
    script: "node_modules/typescript/bin/tsc",
    args: ["-p", "."],
    advice: "mend the types named above",
  }),
  toolStage({
    name: "lint",
    claim: "oxlint, types included",
    script: "node_modules/oxlint/bin/oxlint",
    args: ["--deny-warnings", "-f", "unix"],
    writeArgs: ["--deny-warnings", "-f", "unix", "--fix"],
    advice: "each line above says what to use instead",
  }),
  toolStage({
    name: "tidy",
    claim: "layers, mirrors, lengths and documents (tools/tidy)",
    script: "tools/tidy/src/main.ts",
    args: [],
    writeArgs: ["--write"],
    advice: "each line above says what to do",
  }),
  toolStage({
    name: "knip",
    claim: "no dead code and no unused dependency",
    script: "node_modules/knip/bin/knip.js",
    args: ["--no-progress", "--no-config-hints"],
    advice: "remove what nothing uses, or use it",
  }),
  prepareStage({
    name: "prepare",
    claim: "what the tests need: foreign clients, Apache Kafka's jars",
    script: "tests/conformance/src/main.ts",
  }),
  testStage({
    name: "unit",
    claim: "the packages' own tests",
    files: ["packages/*/test/**/*.test.ts", "tools/*/test/**/*.test.ts"],
    concurrency: 2,
    timeoutMs: 120_000,
    batchSize: 30,
  }),
  toolStage({
    name: "spec-check",
    claim: "our messages are those in Apache Kafka's jars",
    script: "tools/spec-check/src/main.ts",
    args: [],
    advice: "each line above names a message and what differs",
  }),
  toolStage({
    name: "fuzz",
    claim: "200,000 hostile frames are decoded or refused",
    script: "tests/fuzz/src/main.ts",
    args: ["--frames", "200000"],
    advice: "the seed above gives the same frames again: npm run fuzz -- --seed N",
  }),
  testStage({
    name: "hostile",
    claim: "a broker's process survives hostile connections, and they cost it little",
    files: ["tests/fuzz/test/**/*.test.ts"],
    concurrency: 1,
    timeoutMs: 120_000,
  }),
  testStage({
    name: "crash",
    claim: "simulated crashes and real kill -9 lose nothing that was acknowledged",
    files: ["tests/{crash,simulation}/test/**/*.test.ts"],
    concurrency: 2,
    timeoutMs: 300_000,
  }),
  testStage({
    name: "history",
    claim: "no anomaly in what clients see under faults; no partition has two owners",
    files: ["tests/{history,groups}/test/**/*.test.ts"],
    concurrency: 2,
    timeoutMs: 300_000,
  }),
  testStage({
    name: "client",
    claim: "the client does the same on Millrace and on Apache Kafka",
    files: ["tests/client/**/*.test.ts"],
    concurrency: 4,
    timeoutMs: 300_000,
    beside: { script: "tests/client/src/main.ts", variable: "MILLRACE_CLIENT_BROKERS" },
    allowedReason: "Millrace lacks",
  }),
  testStage({
    name: "zookeeper",
    claim: "the ZooKeeper client against ZooKeeper 3.8 and 3.9, one server and three",
    files: ["tests/zookeeper/**/*.test.ts"],
    concurrency: 2,
    timeoutMs: 120_000,
  }),
  testStage({
    name: "conformance",
    claim: "foreign clients, Apache Kafka's own tools, the published form",
    files: ["tests/conformance/**/*.test.ts", "tests/published/test/**/*.test.ts"],
    concurrency: 3,
    timeoutMs: 300_000,
  }),
];
