import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { test } from "node:test";

import { CertificateDispatcher } from "../../src/security/certificate-dispatcher.ts";
import type { Principal } from "../../src/security/principal.ts";
import { parseMappingRules } from "../../src/security/principal-mapping.ts";
import type { Answer } from "../../src/server/answer.ts";

const key = [
  "-newkey",
  "ec",
  "-pkeyopt",
  "ec_paramgen_curve:P-256",
  "-nodes",
  "-keyout",
  "/dev/null",
];
const pem = execFileSync("openssl", ["req", "-x509", ...key, "-subj", "/O=x/CN=Alice"], {
  stdio: ["ignore", "pipe", "ignore"],
});
const certificate = new X509Certificate(pem).raw;

function dispatcherOf(rules: string, shown: Uint8Array | undefined) {
  const identified: Principal[] = [];
  const dispatcher = new CertificateDispatcher({
    inner: {
      identify: (principal) => void identified.push(principal),
      mayOverlap: () => true,
      memoryOf: () => 0,
      dispatch: (): Answer => ({ kind: "silent" }),
    },
    mapping: parseMappingRules(rules).mapping,
    peerCertificate: () => shown,
    metrics: { succeeded: () => {}, failed: () => {}, expired: () => {} },
  });
  const dispatch = () => dispatcher.dispatch(Buffer.alloc(4), () => {});
  return { identified, dispatch };
}

test("a connection is known by its certificate from the first request on", () => {
  const { identified, dispatch } = dispatcherOf("RULE:^CN=(.*?),.*$/$1/L", certificate);
  void dispatch();
  void dispatch();
  assert.deepEqual(
    identified.map(({ name }) => name),
    ["alice"],
  );
});

test("one without a certificate stays nobody", () => {
  const { identified, dispatch } = dispatcherOf("DEFAULT", undefined);
  assert.deepEqual(dispatch(), { kind: "silent" });
  assert.deepEqual(identified, []);
});

test("one that no rule fits is closed", () => {
  const { identified, dispatch } = dispatcherOf("RULE:^CN=bob$/bob/", certificate);
  const answer = dispatch();
  assert.equal(answer instanceof Promise ? "" : answer.kind, "close");
  assert.deepEqual(identified, []);
});
