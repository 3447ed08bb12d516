import { setTimeout as delay } from "node:timers/promises";
import { NodeClock } from "@millrace/platform/node";
import { testClock } from "../contract/clock-contract.ts";

testClock({
  name: "NodeClock",
  create: () => new NodeClock(),
  // The one place where a test waits for real time: it is what is tested.
  pass: (_clock, durationMs) => delay(durationMs),
});
