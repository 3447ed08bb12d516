import assert from "node:assert/strict";
import { test } from "node:test";

import { clientQuotaKey, scramKey } from "../../src/image/kept-records.ts";

test("the order of an entity's parts does not count, a default is not the name 'null'", () => {
  const user = { entityType: "user", entityName: "a" };
  const client = { entityType: "client-id", entityName: null };
  assert.equal(clientQuotaKey([user, client], "k"), clientQuotaKey([client, user], "k"));
  const named = { ...client, entityName: "null" };
  assert.notEqual(clientQuotaKey([named], "k"), clientQuotaKey([client], "k"));
  assert.notEqual(clientQuotaKey([user], "k"), clientQuotaKey([user], "l"));
});

test("a user has one credential for each mechanism", () => {
  assert.notEqual(scramKey({ name: "a", mechanism: 1 }), scramKey({ name: "a", mechanism: 2 }));
});
