import assert from "node:assert/strict";
import { test } from "node:test";
import { parseEvent } from "../src/event-lines.ts";

test("an event is read from its line, with empty lists where nothing is told", () => {
  const line = '{"phase":"ok","process":"r","operation":"poll"}';
  const event = parseEvent(line);
  assert.equal(event.operation === "poll" && event.records.length, 0);
  const write =
    '{"phase":"invoke","process":"w","operation":"write","sends":[{"partition":"a-0","value":"x"}]}';
  const written = parseEvent(write);
  assert.deepEqual(written.operation === "write" && written.sends, [
    { partition: "a-0", value: "x" },
  ]);
});

test("what is no event is refused", () => {
  assert.throws(() => parseEvent("panic: oh"), SyntaxError);
  assert.throws(() => parseEvent("null"), /no event/);
  assert.throws(() => parseEvent('{"phase":"ok","process":"w","operation":"eat"}'), /no event/);
});
