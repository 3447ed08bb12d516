import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { nodePlatform } from "@millrace/platform/node";

import { brokerConfigOf } from "../config/given.ts";
import { readTlsOptions, tlsFiles } from "../../src/security/tls-options.ts";

const folder = mkdtempSync(join(tmpdir(), "millrace-stores-"));
after(() => rmSync(folder, { recursive: true }));
const path = (name: string): string => join(folder, name);
const text = (name: string): string => readFileSync(path(name), "utf8");
const openssl = (...args: readonly string[]): void => {
  execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
};
const { fileSystem, network } = nodePlatform({ logLevel: "off", hasProcessMetrics: false });

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
openssl(
  "req",
  "-x509",
  ...newKey,
  "-subj",
  "/CN=a",
  "-keyout",
  "key.pem",
  "-out",
  "cert.pem",
  "-days",
  "2",
);
writeFileSync(path("store.pem"), `${text("key.pem")}\n${text("cert.pem")}`);
openssl("pkcs8", "-topk8", "-in", "key.pem", "-out", "locked.key", "-passout", "pass:secret");
writeFileSync(path("locked.pem"), `${text("cert.pem")}\n${text("locked.key")}`);
openssl(
  "pkcs12",
  "-export",
  "-inkey",
  "key.pem",
  "-in",
  "cert.pem",
  "-passout",
  "pass:p12",
  "-out",
  "store.p12",
);
openssl(
  "pkcs12",
  "-export",
  "-nokeys",
  "-in",
  "cert.pem",
  "-passout",
  "pass:p12",
  "-out",
  "trust.p12",
);

function optionsOf(settings: Readonly<Record<string, string>>) {
  const listeners = { listeners: "SSL://:9093", "inter.broker.listener.name": "SSL" };
  const [listener] = brokerConfigOf({ ...listeners, ...settings }).listeners;
  assert.ok(listener?.tls !== undefined);
  const options = readTlsOptions(listener.tls, fileSystem, 1000);
  return { options, problem: network.checkTls(options), files: tlsFiles(listener.tls) };
}

function faultOf(settings: Readonly<Record<string, string>>): string {
  try {
    return optionsOf(settings).problem ?? "";
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
}

const pem = { "ssl.keystore.type": "PEM", "ssl.keystore.location": path("store.pem") };

test("a PEM file has key and certificate, with a password or without (KIP-651)", () => {
  assert.equal(optionsOf(pem).problem, undefined);
  const locked = { ...pem, "ssl.keystore.location": path("locked.pem") };
  assert.equal(faultOf({ ...locked, "ssl.key.password": "secret" }), "");
  assert.match(faultOf({ ...locked, "ssl.key.password": "wrong" }), /cannot be used/);
});

test("PEM text stands for a file, with line ends as properties have them", () => {
  for (const lineEnd of ["\n", "\\n", " "]) {
    const settings = {
      "ssl.keystore.type": "PEM",
      "ssl.keystore.key": text("key.pem").trim().replaceAll("\n", lineEnd),
      "ssl.keystore.certificate.chain": text("cert.pem").trim().replaceAll("\n", lineEnd),
      "ssl.truststore.certificates": text("cert.pem").trim().replaceAll("\n", lineEnd),
      "ssl.client.auth": "required",
    };
    const { options, problem, files } = optionsOf(settings);
    assert.equal(problem, undefined, JSON.stringify(lineEnd));
    assert.equal(options.trustedCertificates.length, 1);
    assert.deepEqual(files, []);
  }
});

test("a PKCS12 file is read, also as what Java still calls JKS", () => {
  const location = { "ssl.keystore.location": path("store.p12") };
  for (const type of [{}, { "ssl.keystore.type": "JKS" }, { "ssl.keystore.type": "PKCS12" }]) {
    assert.equal(faultOf({ ...location, ...type, "ssl.keystore.password": "p12" }), "");
  }
  assert.match(faultOf({ ...location, "ssl.keystore.password": "no" }), /cannot be used/);
});

test("a PKCS12 trust store gives its certificates", () => {
  const trust = {
    ...pem,
    "ssl.truststore.type": "PKCS12",
    "ssl.truststore.location": path("trust.p12"),
  };
  const { options } = optionsOf({ ...trust, "ssl.truststore.password": "p12" });
  const [certificate = ""] = options.trustedCertificates;
  assert.equal(new X509Certificate(certificate).subject, "CN=a");
  assert.match(faultOf({ ...trust, "ssl.truststore.password": "no" }), /its password is wrong/);
});

test("a JKS file is refused with the line that converts it", () => {
  writeFileSync(path("old.jks"), Buffer.from("feedfeed00000002", "hex"));
  const fault = faultOf({ "ssl.keystore.location": path("old.jks") });
  assert.match(fault, /keytool -importkeystore -srckeystore \S+old\.jks -destkeystore \S+old\.p12/);
  assert.match(fault, /set ssl\.keystore\.type=PKCS12/);
});

test("what a store lacks is told", () => {
  const at = (location: string, type = "PEM") =>
    faultOf({ "ssl.keystore.type": type, "ssl.keystore.location": path(location) });
  assert.match(at("absent.pem"), /cannot be read: ENOENT/);
  assert.match(at("cert.pem"), /has no private key/);
  assert.match(at("key.pem"), /has no certificate/);
  assert.match(at("store.pem", "PKCS12"), /is in PEM form/);
  assert.match(at("store.p12", "PEM"), /is not in PEM form/);
  assert.match(at("store.pem", "BCFKS"), /is not supported/);
  assert.match(faultOf({ ...pem, "ssl.client.auth": "required" }), /no client's certificate could/);
});

test("a damaged PKCS12 trust store is told, whatever is damaged", () => {
  const whole = readFileSync(path("trust.p12"));
  for (let place = 0; place < whole.length; place += 5) {
    const copy = Buffer.from(whole);
    copy[place] = (copy[place] ?? 0) ^ 0x55;
    writeFileSync(path("damaged.p12"), copy);
    faultOf({
      ...pem,
      "ssl.truststore.type": "PKCS12",
      "ssl.truststore.location": path("damaged.p12"),
      "ssl.truststore.password": "p12",
    });
  }
});
