import assert from "node:assert/strict";
import { test } from "node:test";
import { DefinitionError, kafkaDefinition, withoutComments } from "../src/kafka-definition.ts";

const json = `// License
{
  "apiKey": 99, "type": "request", "listeners": ["broker"], "name": "TestRequest",
  // Version 1 is flexible.
  "validVersions": "0-2", "flexibleVersions": "1+", "latestVersionUnstable": true,
  "fields": [
    { "name": "Link", "type": "string", "versions": "0+", "nullableVersions": "2+", "default": "null",
      "about": "As in http://x // no comment", "ignorable": true },
    { "name": "Limit", "type": "int32", "versions": "1+", "default": "0x7fffffff", "taggedVersions": "2+", "tag": 3 },
    { "name": "Items", "type": "[]item", "versions": "0-1", },
    { "name": "Id", "type": "int64", "taggedVersions": "1+", "tag": 0, "default": -1 }
  ],
  "commonStructs": [
    { "name": "item", "versions": "0+", "fields": [ { "name": "key", "type": "uuid", "versions": "1+", "mapKey": true } ] }
  ]
}`;

test("a definition gives each field's facts in each version", () => {
  const definition = kafkaDefinition(json);
  assert.ok(definition);
  assert.equal(definition.facts, "request key=99 listeners=broker latest version unstable");
  assert.deepEqual([definition.firstVersion, definition.lastVersion], [0, 2]);
  assert.deepEqual(definition.fieldsAt(0), [
    "link string default=null ignorable",
    "items []Item default=[]",
  ]);
  assert.deepEqual(definition.fieldsAt(1), [
    "link string flexible default=null ignorable",
    "limit int32 flexible default=2147483647",
    "items []Item flexible default=[]",
    "items.key uuid flexible default=zero mapKey",
    "id int64 flexible tag=0 default=-1",
  ]);
  assert.deepEqual(definition.fieldsAt(2), [
    "link string flexible nullable default=null ignorable",
    "limit int32 flexible tag=3 default=2147483647",
    "id int64 flexible tag=0 default=-1",
  ]);
});

test("a message without a version is none", () => {
  const gone = `{ "name": "GoneRequest", "type": "request", "validVersions": "none" }`;
  assert.equal(kafkaDefinition(gone), null);
});

test("a structure that is not defined is an error, not an empty one", () => {
  const broken = `{ "name": "X", "validVersions": "0", "fields": [ { "name": "a", "type": "Lost", "versions": "0" } ] }`;
  assert.throws(() => kafkaDefinition(broken)?.fieldsAt(0), DefinitionError);
});

test("comments and trailing commas go, strings stay", () => {
  const text = `{ "a": "x // y", /* b */ "c": [1, 2,], // d\n }`;
  assert.deepEqual(JSON.parse(withoutComments(text)), { a: "x // y", c: [1, 2] });
});
