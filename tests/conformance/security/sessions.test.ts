/** Sessions that end (KIP-368), as clients that authenticate again see them. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { type Broker, startMillrace } from "../src/broker.ts";
import { freePort } from "../src/free-port.ts";
import { kafkaTool } from "../src/java.ts";
import { lacking } from "../src/needs.ts";
import { output } from "../src/program.ts";

const scramModule = "org.apache.kafka.common.security.scram.ScramLoginModule";
const skip = await lacking("java", "kcat");

describe("sessions that end", { skip }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "millrace-sessions-"));
  const port = await freePort();
  const httpPort = await freePort();
  let broker: Broker;
  before(async () => {
    broker = await startMillrace({
      listeners: { OPEN: port },
      properties: [
        "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,OPEN:SASL_PLAINTEXT",
        "sasl.enabled.mechanisms=SCRAM-SHA-512",
        "millrace.scram.users=SCRAM-SHA-512=[name=alice,password=secret]",
        "connections.max.reauth.ms=1500",
        `millrace.http.port=${httpPort}`,
      ],
    });
    await output(["kcat", "-b", broker.bootstrap, "-t", "sessions", "-P"], { input: "first\n" });
  });
  after(async () => {
    await broker[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  test("Java's producer goes on over many sessions, and no connection is closed", async () => {
    const config = join(folder, "client.properties");
    const lines = [
      `bootstrap.servers=127.0.0.1:${port}`,
      "security.protocol=SASL_PLAINTEXT",
      "sasl.mechanism=SCRAM-SHA-512",
      `sasl.jaas.config=${scramModule} required username="alice" password="secret";`,
      "linger.ms=0",
    ];
    writeFileSync(config, lines.join("\n"));
    const load = ["--topic", "sessions", "--num-records", "120", "--record-size", "10"];
    const pace = ["--throughput", "20", "--producer.config", config];
    const tool = "org.apache.kafka.tools.ProducerPerformance";
    assert.match(await kafkaTool(tool, [...load, ...pace]), /^120 records sent/m);
    const metrics = await (await fetch(`http://127.0.0.1:${httpPort}/metrics`)).text();
    const prefix = "kafka_server_socket_server_metrics_";
    const valueOf = (name: string): number =>
      Number(new RegExp(`^${prefix}${name}\\{listener="OPEN"\\} (\\d+)$`, "m").exec(metrics)?.[1]);
    assert.equal(valueOf("expired_connections_killed_count"), 0);
    assert.equal(valueOf("failed_authentication_total"), 0);
    assert.ok(valueOf("successful_authentication_total") >= 4, metrics.slice(0, 2000));
  });
});
