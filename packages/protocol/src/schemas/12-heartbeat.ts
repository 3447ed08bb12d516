import type { ApiSchema } from "../codec/schema.ts";

/** Heartbeat: keeps a classic group's member alive. */
export const Heartbeat = {
  key: 12,
  name: "Heartbeat",
  listeners: ["broker"],
  versions: "0-4",
  flexibleVersions: "4+",
  request: {
    groupId: { type: "string", entityType: "groupId" },
    generationId: { type: "int32" },
    memberId: { type: "string" },
    groupInstanceId: { type: "string", versions: "3+", nullable: true, default: null },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "1+", ignorable: true },
    errorCode: { type: "int16" },
  },
} as const satisfies ApiSchema;
