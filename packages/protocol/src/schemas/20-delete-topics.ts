import type { ApiSchema } from "../codec/schema.ts";

/** DeleteTopics: deletes topics by name or id. */
export const DeleteTopics = {
  key: 20,
  name: "DeleteTopics",
  listeners: ["broker", "controller"],
  versions: "1-6",
  flexibleVersions: "4+",
  request: {
    topics: {
      type: "[]DeleteTopicState",
      versions: "6+",
      fields: {
        name: { type: "string", nullable: true, default: null, entityType: "topicName" },
        topicId: { type: "uuid" },
      },
    },
    topicNames: { type: "[]string", versions: "1-5", ignorable: true, entityType: "topicName" },
    timeoutMs: { type: "int32" },
  },
  response: {
    throttleTimeMs: { type: "int32", ignorable: true },
    responses: {
      type: "[]DeletableTopicResult",
      fields: {
        name: { type: "string", nullable: "6+", mapKey: true, entityType: "topicName" },
        topicId: { type: "uuid", versions: "6+", ignorable: true },
        errorCode: { type: "int16" },
        errorMessage: {
          type: "string",
          versions: "5+",
          nullable: true,
          default: null,
          ignorable: true,
        },
      },
    },
  },
} as const satisfies ApiSchema;
