import assert from "node:assert/strict";
import { test } from "node:test";

import {
  decideCreateAcls,
  decideDeleteAcls,
  filterFault,
} from "../../src/controller/alter-acls.ts";
import { emptyImage } from "../../src/image/empty-image.ts";
import { contextOf, decideOn } from "../support/decisions.ts";

const entry = {
  resourceType: 2,
  resourceName: "orders",
  patternType: 3,
  principal: "User:alice",
  host: "*",
  operation: 3,
  permissionType: 3,
};
const all = {
  resourceType: 1,
  resourceName: null,
  patternType: 1,
  principal: null,
  host: null,
  operation: 1,
  permissionType: 1,
};

test("an entry that is there already, or twice in a request, is made once", () => {
  const first = decideOn(emptyImage, (context) => decideCreateAcls(context, [entry, entry]));
  assert.deepEqual(
    first.value.map(({ error }) => error),
    ["NONE", "NONE"],
  );
  assert.equal(first.image.acls.size, 1);
  const again = decideOn(first.image, (context) => decideCreateAcls(context, [entry]));
  assert.equal(again.records.length, 0);
});

test("an entry that Kafka would not take is refused, and no other with it", () => {
  const bad = [
    { resourceType: 1 },
    { resourceType: 8 },
    { patternType: 2 },
    { operation: 1 },
    { operation: 16 },
    { permissionType: 1 },
    { resourceName: "" },
    { principal: "alice" },
  ].map((part) => ({ ...entry, ...part }));
  const { value, image } = decideOn(emptyImage, (context) =>
    decideCreateAcls(context, [...bad, entry]),
  );
  assert.deepEqual(
    value.map(({ error }) => error),
    [...bad.map(() => "INVALID_REQUEST"), "NONE"],
  );
  assert.equal(image.acls.size, 1);
});

test("each filter is told what it removes, an unknown one what is wrong", () => {
  const other = { ...entry, principal: "User:bob" };
  const { image } = decideOn(emptyImage, (context) => decideCreateAcls(context, [entry, other]));
  const filters = [{ ...all, principal: "User:bob" }, all, { ...all, operation: 0 }];
  const deleted = decideOn(image, (context) => decideDeleteAcls(context, filters));
  assert.deepEqual(
    deleted.value.map(({ error, deleted: gone }) => [error, gone.length]),
    [
      ["NONE", 1],
      ["NONE", 2],
      ["INVALID_REQUEST", 0],
    ],
  );
  assert.equal(deleted.records.length, 2);
  assert.equal(deleted.image.acls.size, 0);
  assert.match(filterFault({ ...all, operation: 0 }) ?? "", /operation/);
});

test("a request that would write too many records is refused whole", () => {
  const many = Array.from({ length: 10_001 }, (_, index) => ({
    ...entry,
    resourceName: `topic-${index}`,
  }));
  const decision = decideCreateAcls(contextOf(emptyImage), many);
  assert.equal(decision.answer.kind, "refused");
  assert.equal(decision.records.length, 0);
});
