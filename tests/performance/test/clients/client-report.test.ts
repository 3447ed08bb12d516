import assert from "node:assert/strict";
import { test } from "node:test";
import { type ClientResult, clientTables, judgeClients } from "../../src/clients/client-report.ts";
import { clientRows } from "../../src/clients/client-rows.ts";
import type { ClientSample } from "../../src/clients/run-client.ts";

function sample(recordsPerSecond: number, p50 = 1): ClientSample {
  const latencyMs = { p50, p99: p50 * 2, p999: p50 * 3, max: p50 * 4 };
  return { recordsPerSecond, cpuSecondsPerMillion: 1, load: 1, residentMegabytes: 100, latencyMs };
}

function result(measures: "rate" | "latency", rounds: ClientResult["rounds"]): ClientResult {
  const row = clientRows.find((one) => one.measures === measures);
  assert.ok(row);
  return { row, broker: "kafka", rounds };
}

test("throughput counts by the lower limit, beside the faster rival", () => {
  const round = (millrace: number): ClientResult["rounds"][number] => ({
    millrace: sample(millrace),
    kafkajs: sample(50),
    platformatic: sample(100),
    librdkafka: sample(1000),
  });
  const [beside] = judgeClients(result("rate", [round(160), round(150), round(170)]));
  assert.equal(beside?.toRival, 1.6);
  assert.equal(beside?.verdict, "must");
  assert.equal(judgeClients(result("rate", [round(140)]))[0]?.verdict, "missed");
  assert.equal(judgeClients(result("rate", [round(260)]))[0]?.verdict, "aim");
});

test("a latency may not be above the best rival's", () => {
  const round = { millrace: sample(1, 2), kafkajs: sample(1, 3), platformatic: sample(1, 1.9) };
  const verdicts = judgeClients(result("latency", [round]));
  assert.deepEqual(
    verdicts.map(({ metric, verdict }) => [metric, verdict]),
    [
      ["p50 ms", "missed"],
      ["p99 ms", "missed"],
    ],
  );
});

test("a client that does not do the work has a dash in the table", () => {
  const round = { millrace: sample(1), kafkajs: sample(1), platformatic: sample(1) };
  assert.match(clientTables([result("latency", [round])]), /\| 1\.00 \| 1\.00 \| 1\.00 \| – \|/);
});
