import assert from "node:assert/strict";
import { test } from "node:test";
import { oauthbearer } from "../../../src/network/sasl/oauthbearer.ts";

test("token and extensions are sent as RFC 7628 and KIP-342 say", async () => {
  const token = (): string => "abc.def";
  const exchange = await oauthbearer({ token, extensions: { logicalCluster: "lkc" } }).begin();
  const first = (await exchange.first()).toString();
  assert.equal(first, "n,,\u0001auth=Bearer abc.def\u0001logicalCluster=lkc\u0001\u0001");
  assert.equal(exchange.next(Buffer.alloc(0)), undefined);
  assert.deepEqual(exchange.next(Buffer.from("{}")), Buffer.from([1]));
});

test("what is no token is refused, and never repeated", async () => {
  const token = (): string => "two words\u0001auth=x";
  await assert.rejects(oauthbearer({ token, extensions: {} }).begin(), (error: Error) => {
    return error.message.startsWith("TOKEN_UNAVAILABLE") && !error.message.includes("two words");
  });
});

test("an extension that would break out of its place is refused", async () => {
  const token = (): string => "abc";
  for (const extensions of [{ auth: "x" }, { "a=b": "x" }, { a: "x\u0001y" }]) {
    await assert.rejects(oauthbearer({ token, extensions }).begin(), { code: "INVALID_OPTION" });
  }
});
