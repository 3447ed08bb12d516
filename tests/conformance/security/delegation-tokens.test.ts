/** Delegation tokens by Kafka's tool, and a folder of Apache Kafka with its users and tokens. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { type Broker, startKafka, startMillrace } from "../src/broker.ts";
import { freePort } from "../src/free-port.ts";
import { kafkaTool } from "../src/java.ts";
import { lacking } from "../src/needs.ts";
import { output } from "../src/program.ts";
import { Certificates } from "./certificates.ts";
import { secureClients } from "./clients.ts";

const tokenTool = "org.apache.kafka.tools.DelegationTokenCommand";
const configTool = "kafka.admin.ConfigCommand";
const scramModule = "org.apache.kafka.common.security.scram.ScramLoginModule";
const franz = secureClients.find(({ name }) => name === "franz-go");
const skip = await lacking("java", "go", "kcat");

interface Token {
  readonly tokenId: string;
  readonly hmac: string;
  readonly line: string;
}

/** The tokens in what the tool prints. */
function tokensOf(printed: string): readonly Token[] {
  return printed.split("\n").flatMap((line) => {
    const [, tokenId, hmac] = /^(\S+)\s+(\S{80,})\s+/.exec(line) ?? [];
    return tokenId === undefined || hmac === undefined ? [] : [{ tokenId, hmac, line }];
  });
}

async function logsIn(bootstrap: string, username: string, password: string, isToken: boolean) {
  const mechanism = "SCRAM-SHA-256" as const;
  const credentials = { mechanism, username, password, isToken };
  return (await franz?.produce(bootstrap, "tokens", credentials))?.status === 0;
}

function scramProperties(path: string, username: string, password: string): string {
  const lines = [
    "security.protocol=SASL_PLAINTEXT",
    "sasl.mechanism=SCRAM-SHA-256",
    `sasl.jaas.config=${scramModule} required username="${username}" password="${password}";`,
  ];
  writeFileSync(path, lines.join("\n"));
  return path;
}

const saslProperties = [
  "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,OPEN:SASL_PLAINTEXT,MUTUAL:SSL",
  "sasl.enabled.mechanisms=SCRAM-SHA-256",
  "delegation.token.secret.key=a-secret-of-all-brokers",
  `listener.name.open.scram-sha-256.sasl.jaas.config=${scramModule} required;`,
];

describe("delegation tokens", { skip }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "millrace-tokens-"));
  const certificates = new Certificates(folder);
  const ports = { OPEN: await freePort(), MUTUAL: await freePort() };
  const bootstrap = `127.0.0.1:${ports.OPEN}`;
  const client = join(folder, "alice.properties");
  let broker: Broker;
  before(async () => {
    certificates.authority("authority");
    certificates.sign("server", "authority", { subject: "/CN=localhost" });
    certificates.sign("bob", "authority", { subject: "/C=DE/O=Example, Inc./CN=Bob+UID=7" });
    for (const name of ["server", "bob"]) {
      const parts = [`${name}.key`, `${name}.pem`].map((file) =>
        readFileSync(certificates.path(file), "utf8"),
      );
      writeFileSync(certificates.path(`${name}-store.pem`), parts.join("\n"));
    }
    broker = await startMillrace({
      listeners: ports,
      properties: [
        ...saslProperties,
        "millrace.scram.users=SCRAM-SHA-256=[name=alice,password=alice-secret]",
        "ssl.keystore.type=PEM",
        `ssl.keystore.location=${certificates.path("server-store.pem")}`,
        "ssl.truststore.type=PEM",
        `ssl.truststore.location=${certificates.path("authority.pem")}`,
        "listener.name.mutual.ssl.client.auth=required",
      ],
    });
    scramProperties(client, "alice", "alice-secret");
    await output(["kcat", "-b", broker.bootstrap, "-t", "tokens", "-P"], { input: "first\n" });
  });
  after(async () => {
    await broker[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  const tool = (...args: readonly string[]) =>
    kafkaTool(tokenTool, ["--bootstrap-server", bootstrap, "--command-config", client, ...args]);

  test("a token is made, lets its owner in, is renewed, described and ended", async () => {
    const created = await tool(
      "--create",
      "--max-life-time-period",
      "-1",
      "--renewer-principal",
      "User:carol",
    );
    const [token] = tokensOf(created);
    assert.ok(token !== undefined, created);
    assert.equal(await logsIn(bootstrap, token.tokenId, token.hmac, true), true);
    assert.equal(await logsIn(bootstrap, token.tokenId, `${token.hmac}x`, true), false);
    // As a user its id is nobody's.
    assert.equal(await logsIn(bootstrap, token.tokenId, token.hmac, false), false);
    const described = await tool("--describe", "--owner-principal", "User:alice");
    assert.match(described, new RegExp(`^${token.tokenId}.*User:alice.*User:carol`, "m"));
    await tool("--renew", "--renew-time-period", "3600000", "--hmac", token.hmac);
    await tool("--expire", "--expiry-time-period", "-1", "--hmac", token.hmac);
    assert.deepEqual(tokensOf(await tool("--describe")), []);
    assert.equal(await logsIn(bootstrap, token.tokenId, token.hmac, true), false);
  });

  test("a token's connection and an open one may not ask for tokens", async () => {
    const [token] = tokensOf(await tool("--create", "--max-life-time-period", "-1"));
    assert.ok(token !== undefined);
    const withToken = join(folder, "token.properties");
    scramProperties(withToken, token.tokenId, token.hmac);
    const text = readFileSync(withToken, "utf8").replace(/;$/m, ' tokenauth="true";');
    writeFileSync(withToken, text);
    const openly = join(folder, "open.properties");
    writeFileSync(openly, "client.id=open");
    for (const [where, config] of [
      [bootstrap, withToken],
      [broker.bootstrap, openly],
    ] as const) {
      const args = ["--bootstrap-server", where, "--command-config", config, "--describe"];
      await assert.rejects(kafkaTool(tokenTool, args), /Delegation Token requests are not allowed/);
    }
  });

  test("a certificate's subject is the principal, as Java writes it", async () => {
    const config = join(folder, "bob.properties");
    const lines = [
      "security.protocol=SSL",
      "ssl.truststore.type=PEM",
      `ssl.truststore.location=${certificates.path("authority.pem")}`,
      "ssl.keystore.type=PEM",
      `ssl.keystore.location=${certificates.path("bob-store.pem")}`,
    ];
    writeFileSync(config, lines.join("\n"));
    const where = ["--bootstrap-server", `127.0.0.1:${ports.MUTUAL}`, "--command-config", config];
    const created = await kafkaTool(tokenTool, [
      ...where,
      "--create",
      "--max-life-time-period",
      "-1",
    ]);
    assert.ok(created.includes("User:CN=Bob+UID=7,O=Example\\, Inc.,C=DE"), created);
  });
});

test("users and tokens of a folder of Apache Kafka are served", { skip }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "millrace-kafka-users-"));
  const dataFolder = join(folder, "data");
  const port = await freePort();
  const bootstrap = `127.0.0.1:${port}`;
  const settings = { listeners: { OPEN: port }, properties: saslProperties };
  try {
    const kafka = await startKafka(settings);
    let token: Token | undefined;
    try {
      const client = scramProperties(join(folder, "client.properties"), "dave", "dave-secret");
      const added = "SCRAM-SHA-256=[iterations=4096,password=dave-secret]";
      const user = ["--entity-type", "users", "--entity-name", "dave"];
      const where = ["--bootstrap-server", kafka.bootstrap];
      await kafkaTool(configTool, [...where, "--alter", "--add-config", added, ...user]);
      const secured = ["--bootstrap-server", bootstrap, "--command-config", client];
      const created = await kafkaTool(tokenTool, [
        ...secured,
        "--create",
        "--max-life-time-period",
        "-1",
      ]);
      [token] = tokensOf(created);
      assert.ok(token !== undefined, created);
      await output(["kcat", "-b", kafka.bootstrap, "-t", "tokens", "-P"], { input: "first\n" });
      await kafka.stop();
      await output(["cp", "-a", kafka.dataFolder, dataFolder]);
    } finally {
      await kafka[Symbol.asyncDispose]();
    }
    await using millrace = await startMillrace({ ...settings, dataFolder });
    assert.equal(await logsIn(bootstrap, "dave", "dave-secret", false), true);
    assert.equal(await logsIn(bootstrap, "dave", "wrong", false), false);
    assert.equal(await logsIn(bootstrap, token.tokenId, token.hmac, true), true);
    assert.ok(millrace.pid > 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
