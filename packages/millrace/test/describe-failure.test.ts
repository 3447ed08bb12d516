import assert from "node:assert/strict";
import { test } from "node:test";
import { NetworkError } from "@millrace/platform";
import { describeFailure } from "../src/describe-failure.ts";

test("a busy port is told with a way out", () => {
  const error = new NetworkError("cannot listen on 127.0.0.1:9092", { systemCode: "EADDRINUSE" });
  const text = describeFailure(error);
  assert.match(text, /^millrace: cannot listen on 127\.0\.0\.1:9092 \[NETWORK_ERROR\]$/m);
  assert.match(text, /--override listeners=/);
});

test("a fault without known advice is told with its code alone", () => {
  const error = new NetworkError("it broke", { systemCode: "EWEIRD" });
  assert.equal(describeFailure(error), "millrace: it broke [NETWORK_ERROR]");
});

test("several problems stand below each other", () => {
  const error = new NetworkError("one\ntwo", { systemCode: "EWEIRD" });
  assert.equal(describeFailure(error), "millrace:\n  one\n  two [NETWORK_ERROR]");
});
