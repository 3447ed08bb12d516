import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import tls from "node:tls";

import {
  type ApiSchema,
  decodeResponse,
  DescribeConfigs,
  encodeRequest,
  errorName,
  IncrementalAlterConfigs,
  type RequestInput,
  type ResponseOf,
} from "@millrace/protocol";

import { type EmbeddedBroker, startBroker } from "../../src/main.ts";

const folder = mkdtempSync(join(tmpdir(), "millrace-listener-tls-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string): string => join(folder, name);

for (const name of ["one", "two"]) {
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const out = ["-keyout", path(`${name}.key`), "-out", path(`${name}.pem`), "-days", "2"];
  execFileSync("openssl", ["req", "-x509", ...key, "-subj", `/CN=${name}`, ...out], {
    stdio: "pipe",
  });
  const parts = [`${name}.key`, `${name}.pem`].map((file) => readFileSync(path(file), "utf8"));
  writeFileSync(path(`${name}.store`), parts.join("\n"));
}

async function start(config: Readonly<Record<string, string>> = {}) {
  const securePort = await freePort();
  const data = mkdtempSync(join(folder, "data-"));
  const broker = await startBroker({
    folder: data,
    config: {
      listeners: `PLAINTEXT://127.0.0.1:0,SECURE://127.0.0.1:${securePort}`,
      "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,SECURE:SSL",
      "ssl.keystore.type": "PEM",
      "ssl.keystore.location": path("current.store"),
      ...config,
    },
  });
  return { broker, securePort };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = tls.createServer();
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** The name in the certificate that a listener shows now. */
function shownName(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ host: "127.0.0.1", port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate()?.subject ?? "");
      socket.destroy();
    });
    socket.once("error", reject);
  });
}

function request<Api extends ApiSchema>(
  broker: EmbeddedBroker,
  api: Api,
  body: RequestInput<Api>,
): Promise<ResponseOf<Api>> {
  const version = Number(api.versions.split("-").at(-1));
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port: broker.port });
    let received = Buffer.alloc(0);
    socket.on("data", (bytes) => {
      received = Buffer.concat([received, bytes]);
      if (received.length < 4 || received.length < 4 + received.readInt32BE(0)) return;
      resolve(decodeResponse(api, version, received.subarray(4)).body);
      socket.destroy();
    });
    socket.once("error", reject);
    for (const chunk of encodeRequest(api, version, { correlationId: 1, clientId: "c", body })) {
      socket.write(chunk);
    }
  });
}

async function alter(broker: EmbeddedBroker, configs: Readonly<Record<string, string>>) {
  const answer = await request(broker, IncrementalAlterConfigs, {
    validateOnly: false,
    resources: [
      {
        resourceType: 4,
        resourceName: "1",
        configs: Object.entries(configs).map(([name, value]) => {
          return { name: `listener.name.secure.${name}`, value, configOperation: 0 };
        }),
      },
    ],
  });
  const [response] = answer.responses;
  return { error: errorName(response?.errorCode ?? -1), message: response?.errorMessage ?? "" };
}

test("a listener's certificate changes while the broker runs (KIP-226)", async () => {
  copyFileSync(path("one.store"), path("current.store"));
  const { broker, securePort } = await start({ "millrace.ssl.reload.interval.ms": "0" });
  await using _ = broker;
  assert.equal(await shownName(securePort), "CN=one");
  const changed = await alter(broker, { "ssl.keystore.location": path("two.store") });
  assert.deepEqual(changed, { error: "NONE", message: "" });
  assert.equal(await shownName(securePort), "CN=two");
  const missing = await alter(broker, { "ssl.keystore.location": path("absent.store") });
  assert.equal(missing.error, "INVALID_REQUEST");
  assert.match(missing.message, /absent\.store cannot be read: ENOENT/);
  const text = (name: string): string => readFileSync(path(name), "utf8");
  const mixed = {
    "ssl.keystore.location": "",
    "ssl.keystore.key": text("one.key"),
    "ssl.keystore.certificate.chain": text("two.pem"),
  };
  assert.match((await alter(broker, mixed)).message, /cannot be used/);
  assert.equal(await shownName(securePort), "CN=two");
  const inline = { ...mixed, "ssl.keystore.certificate.chain": text("one.pem") };
  assert.equal((await alter(broker, inline)).error, "NONE");
  assert.equal(await shownName(securePort), "CN=one");
});

test("ssl.enabled.protocols and ssl.cipher.suites say how a client may encrypt", async () => {
  copyFileSync(path("one.store"), path("current.store"));
  const agreed = (port: number, version: tls.SecureVersion): Promise<string> =>
    new Promise((resolve) => {
      const target = { host: "127.0.0.1", port, rejectUnauthorized: false };
      const versions = { minVersion: version, maxVersion: version };
      const socket = tls.connect({ ...target, ...versions }, () => {
        resolve(`${socket.getProtocol() ?? ""} ${socket.getCipher().standardName}`);
        socket.destroy();
      });
      socket.once("error", () => resolve("refused"));
    });
  const suite = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
  const { broker, securePort } = await start({
    "ssl.enabled.protocols": "TLSv1.2",
    "ssl.cipher.suites": suite,
  });
  await using _ = broker;
  assert.equal(await agreed(securePort, "TLSv1.2"), `TLSv1.2 ${suite}`);
  assert.equal(await agreed(securePort, "TLSv1.3"), "refused");
});

test("what is secret is not described, and what is set for one listener is", async () => {
  copyFileSync(path("one.store"), path("current.store"));
  const { broker } = await start({ "delegation.token.secret.key": "very-secret" });
  await using _ = broker;
  const key = readFileSync(path("one.key"), "utf8");
  const chain = readFileSync(path("one.pem"), "utf8");
  const inline = { "ssl.keystore.key": key, "ssl.keystore.certificate.chain": chain };
  await alter(broker, { ...inline, "ssl.keystore.location": "" });
  const answer = await request(broker, DescribeConfigs, {
    resources: [{ resourceType: 4, resourceName: "1", configurationKeys: null }],
    includeSynonyms: true,
    includeDocumentation: true,
  });
  const { configs = [] } = answer.results[0] ?? {};
  const described = configs.find(({ name }) => name === "listener.name.secure.ssl.keystore.key");
  assert.deepEqual([described?.value, described?.isSensitive], [null, true]);
  const text = JSON.stringify(answer, (_name, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
  assert.ok(!text.includes("very-secret") && !text.includes("PRIVATE KEY"));
});

test("a certificate file that changes is read again; a broken one leaves the old in force", async () => {
  copyFileSync(path("one.store"), path("current.store"));
  const { broker, securePort } = await start({ "millrace.ssl.reload.interval.ms": "20" });
  await using _ = broker;
  assert.equal(await shownName(securePort), "CN=one");
  writeFileSync(path("current.store"), "broken");
  let names: readonly string[] = [];
  for (let tries = 0; tries < 5; tries += 1) names = [...names, await shownName(securePort)];
  assert.ok(names.every((name) => name === "CN=one"));
  copyFileSync(path("two.store"), path("current.store"));
  let name = "";
  for (let tries = 0; tries < 500 && name !== "CN=two"; tries += 1) {
    name = await shownName(securePort);
  }
  assert.equal(name, "CN=two");
});

test("only the versions and ciphers that are enabled are spoken", async () => {
  copyFileSync(path("one.store"), path("current.store"));
  const { broker, securePort } = await start({
    "ssl.enabled.protocols": "TLSv1.2",
    "ssl.cipher.suites": "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
  });
  await using _ = broker;
  const spoken = (options: tls.ConnectionOptions): Promise<string> =>
    new Promise((resolve) => {
      const target = { host: "127.0.0.1", port: securePort, rejectUnauthorized: false };
      const socket = tls.connect({ ...target, ...options }, () => {
        resolve(`${socket.getProtocol()} ${socket.getCipher().name}`);
        socket.destroy();
      });
      socket.once("error", () => resolve("refused"));
    });
  assert.equal(await spoken({}), "TLSv1.2 ECDHE-ECDSA-AES256-GCM-SHA384");
  assert.equal(await spoken({ minVersion: "TLSv1.3" }), "refused");
  assert.equal(await spoken({ ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256" }), "refused");
});

test("the HTTP port encrypts where it is asked to", async () => {
  copyFileSync(path("one.store"), path("current.store"));
  const httpPort = await freePort();
  const { broker } = await start({
    "millrace.http.port": String(httpPort),
    "millrace.http.security.protocol": "SSL",
    "listener.name.http.ssl.keystore.location": path("two.store"),
  });
  await using _ = broker;
  assert.equal(await shownName(httpPort), "CN=two");
  const answer = await new Promise<string>((resolve, reject) => {
    const target = { host: "127.0.0.1", port: httpPort, rejectUnauthorized: false };
    const socket = tls.connect(target, () => socket.write("GET /metrics HTTP/1.1\r\n\r\n"));
    let text = "";
    socket.on("data", (bytes: Buffer) => {
      text += bytes.toString();
    });
    socket.once("end", () => resolve(text));
    socket.once("error", reject);
  });
  assert.match(answer, /^HTTP\/1\.1 200 [^]*PartitionCount/);
});

test("a broker does not start with a certificate that cannot be used", async () => {
  rmSync(path("current.store"), { force: true });
  await assert.rejects(start(), { code: "SECURITY_CONFIGURATION" });
});
