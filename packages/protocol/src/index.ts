export * from "./compression/index.ts";
export { crc32c, warmCrc32c } from "./crc32c.ts";
export { ProtocolError } from "./protocol-error.ts";
export * from "./records/index.ts";
