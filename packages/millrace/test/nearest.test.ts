import assert from "node:assert/strict";
import { test } from "node:test";
import { nearest } from "../src/nearest.ts";

test("a slip of one or two letters finds the word", () => {
  assert.equal(nearest("strat", ["start", "version"]), "start");
  assert.equal(nearest("versoin", ["start", "version"]), "version");
  assert.equal(nearest("star", ["start", "version"]), "start");
});

test("a word that is not near to any finds none", () => {
  assert.equal(nearest("topics", ["start", "version"]), undefined);
});
