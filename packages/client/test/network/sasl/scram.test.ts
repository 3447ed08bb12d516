import assert from "node:assert/strict";
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { scram } from "../../../src/network/sasl/scram.ts";

const { random } = simPlatform({ seed: 1 });
const password = "pencil";

async function begin(tokenAuth = false): ReturnType<ReturnType<typeof scram>["begin"]> {
  const credentials = { username: "us,er=x", password };
  return scram({ name: "SCRAM-SHA-256", credentials, tokenAuth, random }).begin();
}

/** RFC 5802 §3 as a broker does it, from the password alone. */
function serverSide(clientFirstBare: string, serverFirst: string, clientFinal: string): string {
  const salt = Buffer.from(/s=([^,]+)/.exec(serverFirst)?.[1] ?? "", "base64");
  const iterations = Number(/i=(\d+)/.exec(serverFirst)?.[1]);
  const salted = pbkdf2Sync(password, salt, iterations, 32, "sha256");
  const hmac = (key: Buffer, text: string): Buffer =>
    createHmac("sha256", key).update(text).digest();
  const [withoutProof = "", proof = ""] = clientFinal.split(",p=");
  const message = `${clientFirstBare},${serverFirst},${withoutProof}`;
  const storedKey = createHash("sha256").update(hmac(salted, "Client Key")).digest();
  const signature = hmac(storedKey, message);
  const clientKey = Buffer.from(proof, "base64").map(
    (byte, index) => byte ^ (signature[index] ?? 0),
  );
  assert.deepEqual(createHash("sha256").update(clientKey).digest(), storedKey);
  return `v=${hmac(hmac(salted, "Server Key"), message).toString("base64")}`;
}

test("the proof is what a server expects, and its signature is checked", async () => {
  const exchange = await begin();
  const first = (await exchange.first()).toString();
  assert.match(first, /^n,,n=us=2Cer=3Dx,r=/);
  const bare = first.slice(3);
  const nonce = bare.slice(bare.indexOf(",r=") + 3);
  const serverFirst = `r=${nonce}server,s=c2FsdA==,i=4096`;
  const final = exchange.next(Buffer.from(serverFirst))?.toString() ?? "";
  assert.equal(exchange.next(Buffer.from(serverSide(bare, serverFirst, final))), undefined);
});

test("a server that does not know the password is refused", async () => {
  const exchange = await begin();
  const nonce = (await exchange.first()).toString().split(",r=")[1] ?? "";
  exchange.next(Buffer.from(`r=${nonce}server,s=c2FsdA==,i=4096`));
  const forged = Buffer.from(`v=${Buffer.alloc(32).toString("base64")}`);
  assert.throws(() => exchange.next(forged), { code: "SASL_AUTHENTICATION_FAILED" });
});

test("another nonce, too few and too many iterations are refused", async () => {
  for (const answer of [
    () => "r=other,s=c2FsdA==,i=4096",
    (nonce: string) => `r=${nonce},s=c2FsdA==,i=4096`,
    (nonce: string) => `r=${nonce}x,s=c2FsdA==,i=4095`,
    (nonce: string) => `r=${nonce}x,s=c2FsdA==,i=1000001`,
    (nonce: string) => `r=${nonce}x,s=c2FsdA==`,
  ]) {
    const exchange = await begin();
    const nonce = (await exchange.first()).toString().split(",r=")[1] ?? "";
    assert.throws(() => exchange.next(Buffer.from(answer(nonce))), {
      code: "SASL_AUTHENTICATION_FAILED",
    });
  }
});

test("a delegation token says that it is one (KIP-48)", async () => {
  const exchange = await begin(true);
  assert.match((await exchange.first()).toString(), /,tokenauth=true$/);
});
