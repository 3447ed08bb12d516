import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** A key with a certificate that it signed itself, for brokers on this machine. */
export interface KeyStore {
  /** Key and certificate, as PEM that both brokers read. */
  readonly file: string;
  /** The certificate alone: whom clients trust. */
  readonly certificateFile: string;
}

/** Makes a key store with openssl. @throws when there is no openssl. */
export function makeKeyStore(folder: string): KeyStore {
  const keyFile = path.join(folder, "key.pem");
  const certificateFile = path.join(folder, "certificate.pem");
  const file = path.join(folder, "key-store.pem");
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const names = ["-subj", "/CN=bench", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"];
  const out = ["-days", "2", "-keyout", keyFile, "-out", certificateFile];
  execFileSync("openssl", ["req", "-x509", ...key, ...names, ...out], { stdio: "pipe" });
  writeFileSync(file, readFileSync(keyFile, "utf8") + readFileSync(certificateFile, "utf8"));
  return { file, certificateFile };
}
