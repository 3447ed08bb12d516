export * from "./group/index.ts";
export * from "./regex/index.ts";
export * from "./runtime/index.ts";
export * from "./share-partition/index.ts";
export * from "./share-state/index.ts";
export * from "./transaction/index.ts";
