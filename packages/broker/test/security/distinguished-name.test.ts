import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { subjectOf } from "../../src/security/distinguished-name.ts";

function certificateOf(subject: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "millrace-dn-"));
  try {
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    const out = ["-keyout", "key.pem", "-out", "cert.pem", "-days", "1"];
    const name = ["-utf8", "-multivalue-rdn", "-subj", subject];
    execFileSync("openssl", ["req", "-x509", ...key, ...name, ...out], {
      cwd: folder,
      stdio: "pipe",
    });
    return new X509Certificate(readFileSync(join(folder, "cert.pem"))).raw;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// What Java's X500Principal.getName() gives for the same certificates.
test("a subject is written as Java writes it", () => {
  assert.equal(
    subjectOf(certificateOf('/C=DE/O=Example, Inc./OU=A+CN=Zoë \\+ \\"x\\"')),
    'OU=A+CN=Zoë \\+ \\"x\\",O=Example\\, Inc.,C=DE',
  );
  assert.equal(
    subjectOf(certificateOf("/DC=org/UID=u1/emailAddress=a@b/CN=#1 ")),
    "CN=\\#1\\ ,1.2.840.113549.1.9.1=#1603614062,UID=u1,DC=org",
  );
});

test("attributes without a keyword are numbers, and special characters are escaped", () => {
  assert.equal(
    subjectOf(certificateOf("/O=  two  /CN=a=b;c<d>#e/title=Dr/street=s/L=l/ST=st")),
    "ST=st,L=l,STREET=s,2.5.4.12=#0c024472,CN=a\\=b\\;c\\<d\\>\\#e,O=\\ \\ two\\ \\ ",
  );
});

test("what is no certificate has no subject", () => {
  const whole = certificateOf("/CN=a");
  assert.equal(subjectOf(Buffer.alloc(0)), undefined);
  assert.equal(subjectOf(Buffer.from("nothing of that kind")), undefined);
  for (let length = 0; length < whole.length; length += 7) {
    assert.equal(subjectOf(whole.subarray(0, length)), undefined, `${length} bytes`);
  }
});
