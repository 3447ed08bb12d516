/** Client quotas: set and shown by Kafka's tool and others, and felt by clients that take more. */
import assert from "node:assert/strict";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";

import { type Broker, startBrokerUnderTest } from "../src/broker.ts";
import { kafkaTool } from "../src/java.ts";
import { lacking } from "../src/needs.ts";
import { builtFolder } from "../src/places.ts";
import { output } from "../src/program.ts";

const skip = await lacking("java", "python", "kcat");

/** A window that has gone by and the one under way: a burst is over after a second. */
const quotaWindows = ["quota.window.num=2", "quota.window.size.seconds=1"];

const bytesPerSecond = 200_000;
const records = { count: 2500, size: 1000 } as const;

/** Runs a program with the words of a line, none of which has a space inside. */
function configCommand(bootstrap: string, line: string): Promise<string> {
  const words = ["--bootstrap-server", bootstrap, ...line.split(" ")];
  return kafkaTool("kafka.admin.ConfigCommand", words);
}

async function administer(bootstrap: string, clientId: string, line: string): Promise<string> {
  const program = join(import.meta.dirname, "../node/platformatic-quotas.mjs");
  const words = [process.execPath, program, bootstrap, clientId, ...line.split(" ")];
  return (await output(words)).toString();
}

/** The rate is within 15 % of the quota; what is taken at once at the beginning comes on top. */
function assertKeepsTo(bytes: number, seconds: number): void {
  const rate = (bytes - bytesPerSecond) / seconds;
  const isNear = rate > bytesPerSecond * 0.85 && rate < bytesPerSecond * 1.15;
  assert.ok(isNear, `${bytes} bytes in ${seconds} s`);
}

describe("client quotas", { skip, concurrency: true }, () => {
  let broker: Broker;
  before(async () => {
    broker = await startBrokerUnderTest({ properties: quotaWindows });
    const { bootstrap } = broker;
    for (const topic of ["from-c", "from-java", "to-read"]) {
      await administer(bootstrap, "admin", `create ${topic} 1`);
    }
    const rate = `producer_byte_rate ${bytesPerSecond}`;
    await administer(bootstrap, "admin", `set slow-librdkafka ${rate}`);
    await administer(bootstrap, "admin", `set slow-java ${rate}`);
    const readRate = `consumer_byte_rate ${bytesPerSecond}`;
    await administer(bootstrap, "admin", `set slow-reader ${readRate}`);
  });
  after(() => broker[Symbol.asyncDispose]());

  test("librdkafka's producer is slowed to its quota, and is told so", async () => {
    const python = join(builtFolder("python"), "bin/python");
    const program = join(import.meta.dirname, "slow_producer.py");
    const { count, size } = records;
    const args = [broker.bootstrap, "from-c", String(count), String(size)];
    const said = await output([python, program, ...args]);
    const [bytes = 0, seconds = 0, throttleMs = 0] = said.toString().split(" ").map(Number);
    assertKeepsTo(bytes, seconds);
    assert.ok(throttleMs > 0, "no throttle was told");
  });

  test("the Java producer is slowed to its quota, and is told so", async () => {
    const { count, size } = records;
    const began = performance.now();
    const line =
      `--topic from-java --num-records ${count} --record-size ${size} --throughput -1 ` +
      `--print-metrics --producer-props bootstrap.servers=${broker.bootstrap} client.id=slow-java`;
    const said = await kafkaTool("org.apache.kafka.tools.ProducerPerformance", line.split(" "));
    const seconds = (performance.now() - began) / 1000;
    const throttle = /produce-throttle-time-max:\{client-id=slow-java\}\s*:\s*([\d.]+)/.exec(said);
    assert.ok(Number(throttle?.[1]) > 0, said);
    // The JVM's own seconds are in it: no less than the bytes take.
    assert.ok(seconds > (0.85 * (count * size - bytesPerSecond)) / bytesPerSecond, `${seconds} s`);
  });

  test("a consumer is slowed to its quota, and gets every record", async () => {
    const { count, size } = records;
    const input = `${"x".repeat(size)}\n`.repeat(count);
    // A batch that is larger than the windows never comes to a consumer of Apache Kafka.
    const write = `kcat -b ${broker.bootstrap} -t to-read -P -X batch.size=20000`;
    await output(write.split(" "), { input });
    const began = performance.now();
    const read =
      `kcat -b ${broker.bootstrap} -t to-read -C -e -o beginning ` +
      "-X client.id=slow-reader -X fetch.message.max.bytes=20000";
    assert.equal((await output(read.split(" "))).length, input.length);
    const seconds = (performance.now() - began) / 1000;
    // A throttled Fetch is answered empty and asked again: it takes longer, never shorter.
    assert.ok(seconds > (0.85 * (count * size - bytesPerSecond)) / bytesPerSecond, `${seconds} s`);
    assert.ok(seconds < (1.5 * count * size) / bytesPerSecond, `${seconds} s`);
  });

  test("ConfigCommand sets, shows and removes quotas of users, clients and addresses", async () => {
    const { bootstrap } = broker;
    const alice = "--entity-type users --entity-name alice --entity-type clients --entity-default";
    const address = "--entity-type ips --entity-name 192.0.2.1";
    const quotas = "producer_byte_rate=1024,request_percentage=50.5";
    await configCommand(bootstrap, `--alter ${alice} --add-config ${quotas}`);
    await configCommand(bootstrap, `--alter ${address} --add-config connection_creation_rate=7`);
    const users = "--describe --entity-type users --entity-type clients";
    const shown = await configCommand(bootstrap, users);
    assert.match(shown, /user-principal 'alice', the default client-id are /);
    assert.match(shown, /producer_byte_rate=1024\.0/);
    assert.match(shown, /request_percentage=50\.5/);
    assert.match(
      await configCommand(bootstrap, "--describe --entity-type ips"),
      /ip '192\.0\.2\.1' are connection_creation_rate=7\.0/,
    );
    await configCommand(bootstrap, `--alter ${alice} --delete-config producer_byte_rate`);
    const left = await configCommand(bootstrap, users);
    assert.match(left, /'alice', the default client-id are request_percentage=50\.5/);
  });

  test("@platformatic/kafka describes quotas", async () => {
    const described = await administer(broker.bootstrap, "admin", "describe slow-java");
    assert.match(described, /"key":"producer_byte_rate","value":200000/);
  });

  test("who changes more metadata than allowed is refused, in words of its client", async () => {
    const { bootstrap } = broker;
    await administer(bootstrap, "admin", "set changer controller_mutation_rate 0.01");
    await administer(bootstrap, "changer", "create first 3");
    await assert.rejects(
      administer(bootstrap, "changer", "create second 1"),
      /THROTTLING_QUOTA_EXCEEDED/,
    );
  });
});
