import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiSchema, MessageSchema } from "@millrace/protocol";
import { apiDefinitions, messageDefinition } from "../src/our-definition.ts";

const api: ApiSchema = {
  key: 99,
  name: "Test",
  listeners: ["controller", "broker"],
  versions: "0-2",
  flexibleVersions: "1+",
  request: {
    link: { type: "string", nullable: "2+", default: null, ignorable: true },
    limit: { type: "int32", versions: "1+", tag: 3, taggedVersions: "2+", default: 5 },
    items: { type: "[]Item", versions: "0-1", fields: { key: { type: "uuid", mapKey: true } } },
  },
  response: {},
};

test("an API gives a request and a response with each field's facts in each version", () => {
  const [request, response] = apiDefinitions(api);
  assert.equal(request?.name, "TestRequest");
  assert.equal(request.facts, "request key=99 listeners=broker+controller");
  assert.equal(response?.facts, "response key=99");
  assert.deepEqual(request.fieldsAt(0), [
    "link string default=null ignorable",
    "items []Item default=[]",
    "items.key uuid default=zero mapKey",
  ]);
  assert.deepEqual(request.fieldsAt(2), [
    "link string flexible nullable default=null ignorable",
    "limit int32 flexible tag=3 default=5",
  ]);
});

test("the largest safe integer of a saturated field is Kafka's infinite", () => {
  const schema: MessageSchema = {
    name: "Test",
    type: "data",
    versions: "0",
    flexibleVersions: "none",
    fields: { end: { type: "int64", as: "saturated", default: Number.MAX_SAFE_INTEGER } },
  };
  assert.deepEqual(messageDefinition(schema).fieldsAt(0), [
    "end int64 default=9223372036854775807",
  ]);
});
