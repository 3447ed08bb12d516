/** Client telemetry (KIP-714): Kafka's tool subscribes, foreign clients push, `/metrics` shows. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { type Broker, startMillrace } from "../src/broker.ts";
import { freePort } from "../src/free-port.ts";
import { javaCommand, kafkaTool } from "../src/java.ts";
import { lacking } from "../src/needs.ts";
import { builtFolder } from "../src/places.ts";
import { runProgram } from "../src/program.ts";

const skip = await lacking("java", "python");

/** A client that was asked for metrics every half second has sent some after this long. */
const patienceMs = 20_000;

describe("client telemetry", { skip }, () => {
  let broker: Broker;
  let metricsUrl = "";
  before(async () => {
    const port = await freePort();
    metricsUrl = `http://127.0.0.1:${port}/metrics`;
    broker = await startMillrace({ properties: [`millrace.http.port=${port}`] });
  });
  after(async () => broker[Symbol.asyncDispose]());

  const subscriptions = (...args: readonly string[]) =>
    kafkaTool("org.apache.kafka.tools.ClientMetricsCommand", [
      "--bootstrap-server",
      broker.bootstrap,
      ...args,
    ]);
  /** The lines of `/metrics` that match, once there are any. */
  const shown = async (pattern: RegExp): Promise<readonly string[]> => {
    for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += 200) {
      const text = await (await fetch(metricsUrl)).text();
      const lines = text.split("\n").filter((line) => pattern.test(line));
      if (lines.length > 0) return lines;
      await sleep(200);
    }
    return [];
  };

  test("ClientMetricsCommand and ConfigCommand make, list and describe subscriptions", async () => {
    const producer = ["--metrics", "org.apache.kafka.producer.", "--interval", "500"];
    await subscriptions("--alter", "--name", "producers", ...producer);
    const consumer = "metrics=[org.apache.kafka.consumer.],interval.ms=500,match=[client_id=jc]";
    const tool = "kafka.admin.ConfigCommand";
    const server = ["--bootstrap-server", broker.bootstrap, "--entity-type", "client-metrics"];
    const named = ["--entity-name", "consumers"];
    await kafkaTool(tool, [...server, "--alter", ...named, "--add-config", consumer]);
    const listed = (await subscriptions("--list")).trim().split("\n").sort();
    assert.deepEqual(listed, ["consumers", "producers"]);
    const described = await subscriptions("--describe", "--name", "consumers");
    assert.match(described, /interval\.ms=500/);
    assert.match(described, /match=client_id=jc/);
    assert.match(
      await kafkaTool(tool, [...server, "--describe", ...named]),
      /metrics=org\.apache\.kafka\.consumer\./,
    );
  });

  test("ClientMetricsCommand hears that an interval is out of range", async () => {
    const words = ["--bootstrap-server", broker.bootstrap, "--alter", "--name", "producers"];
    const tool = "org.apache.kafka.tools.ClientMetricsCommand";
    const { stderr, stdout } = await runProgram(javaCommand(tool, [...words, "--interval", "99"]));
    assert.match(`${stdout.toString()}${stderr}`, /InvalidRequestException.*interval\.ms=99/s);
  });

  test("librdkafka's metrics are shown with the client's labels while it is there", async () => {
    const python = join(builtFolder("python"), "bin/python");
    const program = join(import.meta.dirname, "librdkafka.py");
    const running = runProgram([python, program, broker.bootstrap, "rd", "lz4", "4"]);
    const [line = ""] = await shown(/^kafka_client_producer_\w+\{.*client_id="rd"/);
    assert.match(line, /client_software_name="(confluent-kafka-python|librdkafka)"/);
    assert.match(line, /client_source_address="127\.0\.0\.1"/);
    const { status, stderr } = await running;
    assert.equal(status, 0, stderr);
    // Levels 0 to 4 are errors and warnings: that a push was refused, for example.
    assert.doesNotMatch(stderr, /^%[0-4]\|/m);
    const after = await (await fetch(metricsUrl)).text();
    assert.doesNotMatch(after, /client_id="rd"/, "a client that is gone is shown no more");
  });

  test("the Java client's metrics are shown, of whom a subscription matches alone", async () => {
    const common = `--bootstrap-server ${broker.bootstrap} --topic telemetry --from-beginning`;
    const consume = (clientId: string) => {
      const own = `--timeout-ms 6000 --command-property client.id=${clientId}`;
      const tool = "org.apache.kafka.tools.consumer.ConsoleConsumer";
      return runProgram(javaCommand(tool, `${common} ${own}`.split(" ")));
    };
    const running = [consume("jc"), consume("other")];
    const lines = await shown(/^kafka_client_consumer_\w+\{.*client_id="jc"/);
    assert.ok(lines.some((line) => line.includes('client_software_name="apache-kafka-java"')));
    assert.deepEqual(
      lines.filter((line) => line.includes('client_id="other"')),
      [],
    );
    await Promise.all(running);
  });

  test("a subscription that is deleted is gone", async () => {
    await subscriptions("--delete", "--name", "consumers");
    assert.equal((await subscriptions("--list")).trim(), "producers");
  });
});
