import assert from "node:assert/strict";
import { test } from "node:test";

import { emptyImage, scramKey } from "@millrace/metadata";
import { simPlatform } from "@millrace/platform/sim";

import { brokerConfigOf } from "../config/given.ts";
import type { SaslMechanism } from "../../src/config/security-config.ts";
import { BrokerSecurity } from "../../src/security/broker-security.ts";
import {
  credentialOf,
  saltedPassword,
  scramMechanisms,
} from "../../src/security/scram-credential.ts";

const plainModule = "org.apache.kafka.common.security.plain.PlainLoginModule";

function given(settings: Readonly<Record<string, string>> = {}) {
  const config = brokerConfigOf({
    listeners: "SASL_PLAINTEXT://:9092",
    "security.inter.broker.protocol": "SASL_PLAINTEXT",
    "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
    "plain.sasl.jaas.config": `${plainModule} required user_alice="wonder";`,
    ...settings,
  });
  const platform = simPlatform({ seed: 1 });
  const [mechanism] = scramMechanisms;
  const salt = { salt: Buffer.from("salt of dave"), iterations: 4096 };
  const kept = credentialOf(mechanism, saltedPassword(mechanism, "dave", salt), salt);
  const credential = { name: "dave", mechanism: mechanism.id, ...kept };
  const image = { ...emptyImage, scramCredentials: new Map([[scramKey(credential), credential]]) };
  const security = new BrokerSecurity({ platform, config: () => config, image: () => image });
  const sasl = config.listeners[0]?.sasl;
  assert.ok(sasl !== undefined);
  const evaluate = async (name: SaslMechanism, text: string) =>
    security.serverOf(name, sasl).evaluate(Buffer.from(text));
  return { platform, evaluate, security };
}

test("PLAIN lets in whom the JAAS line or the users file names", async () => {
  const { platform, evaluate } = given({ "millrace.sasl.users.file": "/users" });
  const file = platform.fileSystem.open("/users", "create");
  file.writeSync([Buffer.from("bob=builder\nalice=second\n")], 0);
  file.close();
  const kindOf = async (name: string, password: string): Promise<string> =>
    (await evaluate("PLAIN", `\0${name}\0${password}`)).kind;
  assert.equal(await kindOf("alice", "wonder"), "complete");
  assert.equal(await kindOf("alice", "second"), "complete");
  assert.equal(await kindOf("bob", "builder"), "complete");
  assert.equal(await kindOf("bob", "wonder"), "failed");
  assert.equal(await kindOf("nobody", ""), "failed");
  // A user of SCRAM has no password here.
  assert.equal(await kindOf("dave", "dave"), "failed");
});

test("SCRAM finds users in the metadata, and makes up the same salt for the same stranger", async () => {
  const { evaluate } = given();
  const saltOf = async (name: string, hash: 256 | 512 = 256): Promise<string> => {
    const step = await evaluate(`SCRAM-SHA-${hash}`, `n,,n=${name},r=abc`);
    const text = step.kind === "continue" ? step.challenge.toString() : "";
    const [, salt = ""] = /^r=abc[\x21-\x7e]{20,},s=([^,]+),i=4096$/.exec(text) ?? [];
    return Buffer.from(salt, "base64").toString();
  };
  assert.equal(await saltOf("dave"), "salt of dave");
  const stranger = await saltOf("nobody");
  assert.match(stranger, /^[0-9a-z]{26}$/);
  assert.equal(await saltOf("nobody"), stranger);
  assert.notEqual(await saltOf("another"), stranger);
  assert.notEqual(await saltOf("nobody", 512), stranger);
});

test("an empty secret of delegation tokens is none", () => {
  const key = "delegation.token.secret.key";
  const empty = given({ [key]: "" }).security.tokens;
  assert.deepEqual([empty.areEnabled, empty.hmacOf("id")], [false, undefined]);
  assert.equal(given({ [key]: "secret" }).security.tokens.areEnabled, true);
});
