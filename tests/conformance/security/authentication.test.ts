/** Foreign clients over TLS and each SASL mechanism, with right and with wrong credentials. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { type Broker, startMillrace } from "../src/broker.ts";
import { freePort } from "../src/free-port.ts";
import { javaCommand, kafkaTool } from "../src/java.ts";
import { kcatValues } from "../src/kcat.ts";
import { lacking } from "../src/needs.ts";
import { output, runProgram } from "../src/program.ts";
import { Certificates } from "./certificates.ts";
import { type Credentials, secureClients } from "./clients.ts";
import { TokenIssuer } from "./tokens.ts";

const folder = mkdtempSync(join(tmpdir(), "millrace-security-"));
const certificates = new Certificates(folder);
const path = (name: string): string => certificates.path(name);
const authority = path("authority.pem");
const certified = (name: string): Credentials => ({
  authority,
  certificate: path(`${name}.pem`),
  key: path(`${name}.key`),
});
const issuer = new TokenIssuer("key-1");
const stranger = new TokenIssuer("key-1");
const plainModule = "org.apache.kafka.common.security.plain.PlainLoginModule";
const scramModule = "org.apache.kafka.common.security.scram.ScramLoginModule";
const oauthModule = "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule";

function makeFiles(): void {
  certificates.authority("authority");
  certificates.authority("stranger");
  certificates.sign("server", "authority", { subject: "/CN=localhost" });
  certificates.sign("alice", "authority", { subject: "/C=DE/O=Example/CN=Alice" });
  certificates.sign("expired", "authority", { days: -1 });
  certificates.sign("mallory", "stranger");
  const server = ["server.key", "server.pem"].map((name) => readFileSync(path(name), "utf8"));
  writeFileSync(path("server-store.pem"), server.join("\n"));
  const client = ["alice.key", "alice.pem"].map((name) => readFileSync(path(name), "utf8"));
  writeFileSync(path("alice-store.pem"), client.join("\n"));
  writeFileSync(path("keys.json"), issuer.keySet());
}

function properties(): readonly string[] {
  return [
    "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,MUTUAL:SSL,OPEN:SASL_PLAINTEXT,SECRET:SASL_SSL",
    "ssl.keystore.type=PEM",
    `ssl.keystore.location=${path("server-store.pem")}`,
    "ssl.truststore.type=PEM",
    `ssl.truststore.location=${authority}`,
    "listener.name.mutual.ssl.client.auth=required",
    "ssl.principal.mapping.rules=RULE:^CN=(.*?),.*$/$1/L,DEFAULT",
    "sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER",
    ...["open", "secret"].map(
      (name) =>
        `listener.name.${name}.plain.sasl.jaas.config=${plainModule} required user_alice="wonder;land";`,
    ),
    "delegation.token.secret.key=a-secret-of-all-brokers",
    "millrace.scram.users=SCRAM-SHA-256=[name=admin,password=admin-secret]",
    `sasl.oauthbearer.jwks.endpoint.url=file://${path("keys.json")}`,
    `millrace.sasl.oauthbearer.allowed.urls=file://${path("keys.json")}`,
    "sasl.oauthbearer.expected.audience=kafka",
  ];
}

/** What is let in, and what is not, on which listener. */
const trials: readonly {
  readonly name: string;
  readonly mechanism?: Credentials["mechanism"];
  readonly listener: "MUTUAL" | "OPEN" | "SECRET";
  readonly isLetIn: boolean;
  readonly credentials: () => Credentials;
}[] = [
  { name: "mutual TLS", listener: "MUTUAL", isLetIn: true, credentials: () => certified("alice") },
  {
    name: "mutual TLS without a certificate",
    listener: "MUTUAL",
    isLetIn: false,
    credentials: () => ({ authority }),
  },
  {
    name: "mutual TLS with a stranger's certificate",
    listener: "MUTUAL",
    isLetIn: false,
    credentials: () => certified("mallory"),
  },
  {
    name: "mutual TLS with an expired certificate",
    listener: "MUTUAL",
    isLetIn: false,
    credentials: () => certified("expired"),
  },
  ...(["OPEN", "SECRET"] as const).flatMap((listener) => [
    ...passwordTrials(listener, "PLAIN", "alice", "wonder;land"),
    ...passwordTrials(listener, "SCRAM-SHA-256", "scram-user", "scram-secret"),
    ...passwordTrials(listener, "SCRAM-SHA-512", "scram-user", "scram-secret-512"),
  ]),
  {
    name: "OAUTHBEARER",
    mechanism: "OAUTHBEARER",
    listener: "SECRET",
    isLetIn: true,
    credentials: () => bearer(issuer.token({ sub: "token-user" })),
  },
  {
    name: "OAUTHBEARER with a token that has expired",
    mechanism: "OAUTHBEARER",
    listener: "SECRET",
    isLetIn: false,
    credentials: () => bearer(issuer.token({ sub: "token-user", exp: 1_700_000_000 })),
  },
  {
    name: "OAUTHBEARER with a token for somebody else",
    mechanism: "OAUTHBEARER",
    listener: "SECRET",
    isLetIn: false,
    credentials: () => bearer(issuer.token({ sub: "token-user", aud: "another" })),
  },
  {
    name: "OAUTHBEARER with a stranger's signature",
    mechanism: "OAUTHBEARER",
    listener: "SECRET",
    isLetIn: false,
    credentials: () => bearer(stranger.token({ sub: "token-user" })),
  },
  {
    name: "OAUTHBEARER with no signature",
    mechanism: "OAUTHBEARER",
    listener: "SECRET",
    isLetIn: false,
    credentials: () => bearer(TokenIssuer.unsigned({ sub: "token-user" })),
  },
];

function passwordTrials(
  listener: "OPEN" | "SECRET",
  mechanism: Exclude<Credentials["mechanism"], undefined>,
  username: string,
  password: string,
): typeof trials {
  const tls = listener === "SECRET" ? { authority } : {};
  const good = { mechanism, username, password, ...tls };
  const name = `${mechanism} over ${listener === "SECRET" ? "TLS" : "TCP"}`;
  return [
    { name, mechanism, listener, isLetIn: true, credentials: () => good },
    {
      name: `${name} with a wrong password`,
      mechanism,
      listener,
      isLetIn: false,
      credentials: () => ({ ...good, password: "wrong" }),
    },
    {
      name: `${name} of nobody`,
      mechanism,
      listener,
      isLetIn: false,
      credentials: () => ({ ...good, username: "nobody" }),
    },
  ];
}

function bearer(token: string): Credentials {
  return { mechanism: "OAUTHBEARER", token, authority };
}

describe("authentication", async () => {
  let broker: Broker;
  const ports = { MUTUAL: await freePort(), OPEN: await freePort(), SECRET: await freePort() };
  before(async () => {
    makeFiles();
    broker = await startMillrace({ listeners: ports, properties: properties() });
    await output(["kcat", "-b", broker.bootstrap, "-t", "secure", "-P"], { input: "first\n" });
  });
  after(async () => {
    await broker[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  const bootstrapOf = (listener: keyof typeof ports): string => `127.0.0.1:${ports[listener]}`;
  const skip = await lacking("java", "kcat", "go");

  test("kafka-configs adds SCRAM users, by a user that the configuration named", {
    skip,
  }, async () => {
    const client = path("admin.properties");
    writeFileSync(
      client,
      javaProperties({
        mechanism: "SCRAM-SHA-256",
        username: "admin",
        password: "admin-secret",
      }).join("\n"),
    );
    const where = ["--bootstrap-server", bootstrapOf("OPEN"), "--command-config", client];
    // One mechanism a call: Apache Kafka 4.3.1 alters a user once in a request.
    for (const credential of [
      "SCRAM-SHA-256=[iterations=8192,password=scram-secret]",
      "SCRAM-SHA-512=[password=scram-secret-512]",
    ]) {
      const what = ["--alter", "--add-config", credential, "--entity-type", "users"];
      const words = [...where, ...what, "--entity-name", "scram-user"];
      const said = await kafkaTool("kafka.admin.ConfigCommand", words);
      assert.match(said, /Completed updating config for user scram-user/);
    }
  });

  for (const client of secureClients) {
    const missing = await lacking("java", ...(client.need === undefined ? [] : [client.need]));
    for (const { name, mechanism, listener, isLetIn, credentials } of trials) {
      if (mechanism !== undefined && client.lacks.includes(mechanism)) continue;
      const verb = isLetIn ? "is let in" : "is refused";
      test(`${client.name} ${verb}: ${name}`, { skip: missing }, async () => {
        const given = credentials();
        const result = await client.produce(bootstrapOf(listener), "secure", given);
        const said = `${result.stdout.toString()}${result.stderr}`;
        assert.equal(result.status === 0, isLetIn, said);
      });
    }
  }

  test("Java's client is let in and refused alike, and is told why", { skip }, async () => {
    const files = trials.map(({ listener, credentials }, index) => {
      const file = path(`trial-${index}.properties`);
      const lines = javaProperties(credentials(), path(`token-${index}`));
      writeFileSync(file, [`bootstrap.servers=${bootstrapOf(listener)}`, ...lines].join("\n"));
      return file;
    });
    const program = join(import.meta.dirname, "SecureClient.java");
    const allowed = trials.map((_, index) => `file://${path(`token-${index}`)}`).join(",");
    const options = [
      "-Xmx256m",
      `-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=${allowed}`,
      `-Dorg.apache.kafka.sasl.oauthbearer.allowed.files=${trials.map((_, index) => path(`token-${index}`)).join(",")}`,
    ];
    const words = javaCommand(program, ["secure", ...files], options);
    const { stdout, stderr } = await runProgram(words, { timeoutMs: 180_000 });
    const lines = stdout.toString().trim().split("\n");
    assert.equal(lines.length, trials.length, stderr);
    for (const [index, { name, isLetIn, listener }] of trials.entries()) {
      const line = lines[index] ?? "";
      // A token without a signature is refused by the client itself.
      const isTold = listener !== "MUTUAL" && !name.endsWith("no signature");
      const expected = isLetIn ? /: ok$/ : isTold ? /: SaslAuthentication/ : /Exception/;
      assert.match(line, expected, `${name}: ${line}`);
    }
  });

  test("whoever was let in has produced, and nobody else", { skip }, async () => {
    const letIn = trials.filter(({ isLetIn }) => isLetIn).length;
    const values = await kcatValues(broker.bootstrap, "secure");
    for (const word of ["kcat", "confluent", "franz-go", "kafkajs", "platformatic", "Java"]) {
      // Mutual TLS, and PLAIN twice.
      const expected = word === "kcat" ? 3 : letIn;
      assert.equal(values.filter((value) => value === `from ${word}`).length, expected, word);
    }
  });

  test("a user that kafka-configs removes is out", { skip }, async () => {
    const where = ["--bootstrap-server", broker.bootstrap];
    const what = ["--alter", "--delete-config", "SCRAM-SHA-256", "--entity-type", "users"];
    const command = "kafka.admin.ConfigCommand";
    await kafkaTool(command, [...where, ...what, "--entity-name", "scram-user"]);
    const client = secureClients.find(({ name }) => name === "franz-go");
    const gone = { username: "scram-user", password: "scram-secret" };
    const result = await client?.produce(bootstrapOf("OPEN"), "secure", {
      mechanism: "SCRAM-SHA-256",
      ...gone,
    });
    assert.notEqual(result?.status, 0);
    const other = await client?.produce(bootstrapOf("OPEN"), "secure", {
      mechanism: "SCRAM-SHA-512",
      username: "scram-user",
      password: "scram-secret-512",
    });
    assert.equal(other?.status, 0, other?.stderr);
  });

  test("no log line has a password, a token or a key in it", () => {
    const log = readFileSync(join(broker.dataFolder, "../broker.log"), "utf8");
    assert.match(log, /authentication failed/);
    for (const secret of ["wonder;land", "admin-secret", "scram-secret", "a-secret-of-all"]) {
      assert.ok(!log.includes(secret), secret);
    }
    assert.doesNotMatch(log, /PRIVATE KEY|eyJ[A-Za-z0-9_-]{20}/);
  });
});

/** The lines of a Java client's configuration. */
function javaProperties(credentials: Credentials, tokenPath = ""): readonly string[] {
  const { mechanism, authority: trusted } = credentials;
  const tls = trusted === undefined ? "PLAINTEXT" : "SSL";
  return [
    `security.protocol=${mechanism === undefined ? tls : `SASL_${tls}`}`,
    ...(mechanism === undefined ? [] : [`sasl.mechanism=${mechanism}`]),
    ...javaLogin(credentials, tokenPath),
    ...(trusted === undefined
      ? []
      : ["ssl.truststore.type=PEM", `ssl.truststore.location=${trusted}`]),
    ...javaKeyStore(credentials),
  ];
}

function javaLogin(credentials: Credentials, tokenPath: string): readonly string[] {
  const { mechanism, username, password, token } = credentials;
  if (token !== undefined) {
    writeFileSync(tokenPath, token);
    const handler = "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler";
    return [
      `sasl.jaas.config=${oauthModule} required;`,
      `sasl.oauthbearer.token.endpoint.url=file://${tokenPath}`,
      `sasl.login.callback.handler.class=${handler}`,
    ];
  }
  if (username === undefined || password === undefined) return [];
  const module = mechanism === "PLAIN" ? plainModule : scramModule;
  const options = `username="${username}" password="${password}"`;
  return [`sasl.jaas.config=${module} required ${options};`];
}

/** Java wants key and certificate in one file. */
function javaKeyStore({ key, certificate }: Credentials): readonly string[] {
  if (key === undefined || certificate === undefined) return [];
  const store = certificate.replace(/\.pem$/, "-store.pem");
  writeFileSync(store, [key, certificate].map((file) => readFileSync(file, "utf8")).join("\n"));
  return ["ssl.keystore.type=PEM", `ssl.keystore.location=${store}`];
}
