import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { KafkaError } from "../../src/errors/kafka-error.ts";
import { retrying } from "../../src/retry/retrying.ts";

const options = { retryBackoffMs: 100, retryBackoffMaxMs: 1000, defaultApiTimeoutMs: 60_000 };

test("what may succeed later is tried again until it does", async () => {
  const { clock, random } = simPlatform({ seed: 1 });
  const seen: number[] = [];
  const done = retrying({ clock, random, options }, { what: "it" }, ({ failures }) => {
    seen.push(failures);
    if (failures < 3) throw new KafkaError("NOT_CONTROLLER", "not here");
    return Promise.resolve("yes");
  });
  await clock.advance(2000);
  assert.equal(await done, "yes");
  assert.deepEqual(seen, [0, 1, 2, 3]);
});

test("what cannot succeed is thrown at once; when the time is over, the last failure is the cause", async () => {
  const { clock, random } = simPlatform({ seed: 1 });
  const context = { clock, random, options };
  const refused = new KafkaError("TOPIC_AUTHORIZATION_FAILED", "no");
  await assert.rejects(
    retrying(context, { what: "it" }, () => Promise.reject(refused)),
    (error) => error === refused,
  );
  const away = new KafkaError("NETWORK_EXCEPTION", "away");
  const trying = retrying(context, { what: "it", timeoutMs: 3000 }, () => Promise.reject(away));
  const rejected = assert.rejects(trying, { code: "REQUEST_TIMED_OUT", cause: away });
  await clock.advance(4000);
  await rejected;
});
