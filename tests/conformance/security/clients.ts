import { join } from "node:path";
import process from "node:process";

import type { Need } from "../src/clients.ts";
import { builtFolder } from "../src/places.ts";
import { type ProgramResult, runProgram } from "../src/program.ts";

/** How a client proves who it is. */
export interface Credentials {
  readonly mechanism?: "PLAIN" | "SCRAM-SHA-256" | "SCRAM-SHA-512" | "OAUTHBEARER";
  readonly username?: string;
  readonly password?: string;
  /** The user is a delegation token's id. */
  readonly isToken?: boolean;
  /** A token of OAUTHBEARER. */
  readonly token?: string;
  /** Paths; with an authority the connection is encrypted. */
  readonly authority?: string;
  readonly certificate?: string;
  readonly key?: string;
}

/** A foreign client that produces one record and prints `ok`, or ends with another status. */
export interface SecureClient {
  readonly name: string;
  readonly need: Need | undefined;
  /** It can say that a user is a delegation token. */
  readonly knowsTokens: boolean;
  /**
   * Mechanisms that it cannot do. Debian's librdkafka gets no token of OAUTHBEARER without libcurl,
   * and repeats its nonce in SCRAM (fixed in 2.6.1), which Apache Kafka refuses as well.
   */
  readonly lacks: readonly Credentials["mechanism"][];
  produce(bootstrap: string, topic: string, credentials: Credentials): Promise<ProgramResult>;
}

const folder = import.meta.dirname;

/** Every client that is tried; Java's is SecureClient.java. */
export const secureClients: readonly SecureClient[] = [
  {
    name: "librdkafka (kcat)",
    need: "kcat",
    knowsTokens: false,
    lacks: ["SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"],
    produce: (bootstrap, topic, credentials) => {
      const settings = kcatSettings(credentials).flatMap((setting) => ["-X", setting]);
      const words = ["kcat", "-b", bootstrap, "-t", topic, "-P", "-X", "message.timeout.ms=4000"];
      return runProgram([...words, ...settings], { input: "from kcat\n", timeoutMs: 20_000 });
    },
  },
  program("confluent-kafka (Python)", "python", false, () => [
    join(builtFolder("python"), "bin/python"),
    join(folder, "confluent.py"),
  ]),
  program("franz-go", "go", true, () => [join(builtFolder("go"), "franz-go-security")]),
  program("kafkajs", undefined, false, () => [process.execPath, join(folder, "kafkajs.mjs")]),
  program("@platformatic/kafka", undefined, false, () => [
    process.execPath,
    join(folder, "platformatic.mjs"),
  ]),
];

function program(
  name: string,
  need: Need | undefined,
  knowsTokens: boolean,
  words: () => readonly string[],
): SecureClient {
  return {
    name,
    need,
    knowsTokens,
    lacks: [],
    produce: (bootstrap, topic, credentials) => {
      const env = environmentOf(credentials);
      return runProgram([...words(), bootstrap, topic], { env, timeoutMs: 20_000 });
    },
  };
}

function environmentOf(credentials: Credentials): Readonly<Record<string, string | undefined>> {
  return {
    SASL_MECHANISM: credentials.mechanism,
    SASL_USERNAME: credentials.username,
    SASL_PASSWORD: credentials.password,
    SASL_TOKEN: credentials.token,
    SASL_IS_TOKEN: credentials.isToken === true ? "yes" : undefined,
    TLS_CA: credentials.authority,
    TLS_CERTIFICATE: credentials.certificate,
    TLS_KEY: credentials.key,
  };
}

function kcatSettings(credentials: Credentials): readonly string[] {
  const { mechanism, username, password } = credentials;
  const { authority, certificate, key } = credentials;
  const tls = authority === undefined ? "PLAINTEXT" : "SSL";
  return [
    `security.protocol=${mechanism === undefined ? tls : `SASL_${tls}`}`,
    ...(mechanism === undefined ? [] : [`sasl.mechanism=${mechanism}`]),
    ...(username === undefined ? [] : [`sasl.username=${username}`]),
    ...(password === undefined ? [] : [`sasl.password=${password}`]),
    ...(authority === undefined ? [] : [`ssl.ca.location=${authority}`]),
    ...(certificate === undefined ? [] : [`ssl.certificate.location=${certificate}`]),
    ...(key === undefined ? [] : [`ssl.key.location=${key}`]),
  ];
}
