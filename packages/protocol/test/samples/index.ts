export { kafkaJson } from "./kafka-json.ts";
export { sampleMessages } from "./sample-messages.ts";
export type { SampleMessage } from "./sample-messages.ts";
export { sampleValue } from "./sample-value.ts";
export type { Shape } from "./sample-value.ts";
export { goldenFile, readGolden, writeGolden } from "./golden-file.ts";
export type { GoldenRow } from "./golden-file.ts";
export { decodeFuzzFrame, FrameFuzzer, FuzzRandom, FuzzFailure } from "./frame-fuzzer.ts";
export type { FuzzCounts, FuzzFrame } from "./frame-fuzzer.ts";
