import assert from "node:assert/strict";
import { test } from "node:test";
import { brokerEnvironment } from "../src/broker-environment.ts";

test("names of the command line are no configuration of a broker", () => {
  const environment = { KAFKA_NODE_ID: "1", MILLRACE_BOOTSTRAP: "a:1", MILLRACE_HTTP_PORT: "0" };
  const { MILLRACE_BOOTSTRAP: _bootstrap, ...others } = environment;
  assert.deepEqual(brokerEnvironment(environment), others);
});
