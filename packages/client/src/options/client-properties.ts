import { parseProperties } from "@millrace/platform";
import { KafkaError } from "../errors/kafka-error.ts";
import type { ClientOptions, SaslOptions, TlsOptions } from "./client-options.ts";
import { type JaasEntry, parseJaas } from "./jaas.ts";

/** The text of a `client.properties` of Java's client, or its keys and values. */
export type ClientProperties = string | Readonly<Record<string, string | undefined>>;

/** What properties say. */
export interface ReadProperties {
  readonly options: ClientOptions;
  /** What is not the client's: a producer's, a consumer's, or unknown. */
  readonly rest: ReadonlyMap<string, string>;
}

type Taken = (name: string) => string | undefined;

/** Java's name, ours, and how the text is read. */
const plainKeys: readonly (readonly [string, keyof ClientOptions, (text: string) => unknown])[] = [
  ["client.id", "clientId", String],
  ["client.rack", "clientRack", String],
  ["client.dns.lookup", "clientDnsLookup", String],
  ["request.timeout.ms", "requestTimeoutMs", Number],
  ["default.api.timeout.ms", "defaultApiTimeoutMs", Number],
  ["retry.backoff.ms", "retryBackoffMs", Number],
  ["retry.backoff.max.ms", "retryBackoffMaxMs", Number],
  ["reconnect.backoff.ms", "reconnectBackoffMs", Number],
  ["reconnect.backoff.max.ms", "reconnectBackoffMaxMs", Number],
  ["socket.connection.setup.timeout.ms", "socketConnectionSetupTimeoutMs", Number],
  ["socket.connection.setup.timeout.max.ms", "socketConnectionSetupTimeoutMaxMs", Number],
  ["connections.max.idle.ms", "connectionsMaxIdleMs", Number],
  ["metadata.max.age.ms", "metadataMaxAgeMs", Number],
  ["metadata.max.idle.ms", "metadataMaxIdleMs", Number],
  ["metadata.recovery.strategy", "metadataRecoveryStrategy", (text) => text.toLowerCase()],
  ["metadata.recovery.rebootstrap.trigger.ms", "metadataRecoveryRebootstrapTriggerMs", Number],
  ["enable.metrics.push", "enableMetricsPush", (text) => text.toLowerCase() !== "false"],
];

/**
 * Reads the names of Java's client.
 * @throws KafkaError INVALID_OPTION naming the key, never a value: it may be a secret
 */
export function readClientProperties(properties: ClientProperties): ReadProperties {
  const rest = new Map(entriesOf(properties));
  const take: Taken = (name) => {
    const value = rest.get(name);
    rest.delete(name);
    return value === undefined || value === "" ? undefined : value;
  };
  const plain = plainKeys.flatMap(([name, option, read]) => {
    const text = take(name);
    return text === undefined ? [] : [[option, read(text)] as const];
  });
  const protocol = take("security.protocol")?.toUpperCase() ?? "PLAINTEXT";
  if (!/^(SASL_)?(PLAINTEXT|SSL)$/.test(protocol)) throw invalid("security.protocol is unknown");
  const tls = tlsOf(take, rest);
  const sasl = saslOf(take);
  const options: ClientOptions = {
    bootstrap: take("bootstrap.servers") ?? "",
    ...Object.fromEntries(plain),
    ...(protocol.endsWith("SSL") ? { tls } : {}),
    ...(protocol.startsWith("SASL_") ? { sasl: sasl() } : {}),
  };
  return { options, rest };
}

function entriesOf(properties: ClientProperties): readonly (readonly [string, string])[] {
  if (typeof properties === "string") {
    const { lines, faults } = parseProperties(properties);
    const [fault] = faults;
    if (fault !== undefined) throw invalid(`line ${fault.lineNumber}: ${fault.message}`);
    return lines.map(({ key, value }) => [key, value.trim()]);
  }
  return Object.entries(properties).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  );
}

function tlsOf(take: Taken, rest: ReadonlyMap<string, string>): TlsOptions {
  const identification = rest.get("ssl.endpoint.identification.algorithm");
  take("ssl.endpoint.identification.algorithm");
  const ca = take("ssl.truststore.certificates") ?? trustStore(take);
  const keyPassword = take("ssl.key.password");
  const chain = take("ssl.keystore.certificate.chain");
  const key = take("ssl.keystore.key");
  const storeType = take("ssl.keystore.type")?.toUpperCase() ?? "JKS";
  const store = take("ssl.keystore.location");
  const passphrase = take("ssl.keystore.password") ?? keyPassword;
  const own =
    store === undefined
      ? { certificate: chain, key, passphrase: keyPassword }
      : ownStore(storeType, store, { passphrase, keyPassword });
  const given = { ca, ...own };
  const told = Object.entries(given).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(told),
    ...(identification === "" ? { verifyHostname: false } : {}),
  };
}

interface Passwords {
  readonly passphrase: string | undefined;
  readonly keyPassword: string | undefined;
}

function ownStore(type: string, path: string, { passphrase, keyPassword }: Passwords): object {
  if (type === "PKCS12") return { keyStore: path, passphrase };
  if (type === "PEM") return { certificate: path, key: path, passphrase: keyPassword };
  throw invalid(`ssl.keystore.type ${type} cannot be read`, conversion);
}

const conversion =
  "Only Java reads JKS. Convert it: keytool -importkeystore -srckeystore FILE -destkeystore " +
  "FILE.p12 -deststoretype PKCS12, for trusted certificates then openssl pkcs12 -in FILE.p12 -nokeys.";

function trustStore(take: Taken): string | undefined {
  const type = take("ssl.truststore.type")?.toUpperCase() ?? "JKS";
  const path = take("ssl.truststore.location");
  take("ssl.truststore.password");
  if (path === undefined || type === "PEM") return path;
  throw invalid(`ssl.truststore.type ${type} cannot be read`, conversion);
}

/** Everything is taken in any case; it is judged only where the protocol asks for it. */
function saslOf(take: Taken): () => SaslOptions {
  const mechanism = take("sasl.mechanism")?.toUpperCase() ?? "GSSAPI";
  const jaas = take("sasl.jaas.config");
  const oidc = {
    tokenEndpointUrl: take("sasl.oauthbearer.token.endpoint.url"),
    clientId: take("sasl.oauthbearer.client.credentials.client.id"),
    clientSecret: take("sasl.oauthbearer.client.credentials.client.secret"),
    scope: take("sasl.oauthbearer.scope"),
  };
  take("sasl.login.callback.handler.class");
  return () => {
    const entry = jaas === undefined ? undefined : parseJaas(jaas);
    if (mechanism === "OAUTHBEARER") return oauthbearerOf(oidc, entry);
    const isScram = /^SCRAM-SHA-(256|512)$/.test(mechanism);
    if (!isScram && mechanism !== "PLAIN") throw invalid(`sasl.mechanism is ${mechanism}`);
    const username = entry?.options.get("username");
    const password = entry?.options.get("password");
    if (username === undefined || password === undefined) {
      throw invalid("sasl.jaas.config has no username or no password");
    }
    return {
      mechanism: mechanism === "PLAIN" ? "plain" : (scramNames[mechanism] ?? "plain"),
      username,
      password,
      tokenAuth: entry?.options.get("tokenauth") === "true",
    };
  };
}

const scramNames: Readonly<Record<string, "scram-sha-256" | "scram-sha-512">> = {
  "SCRAM-SHA-256": "scram-sha-256",
  "SCRAM-SHA-512": "scram-sha-512",
};

interface OidcProperties {
  readonly tokenEndpointUrl: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  readonly scope: string | undefined;
}

function oauthbearerOf(oidc: OidcProperties, entry: JaasEntry | undefined): SaslOptions {
  const { tokenEndpointUrl } = oidc;
  const option = (name: string): string | undefined => entry?.options.get(name);
  const clientId = oidc.clientId ?? option("clientId");
  const clientSecret = oidc.clientSecret ?? option("clientSecret");
  const scope = oidc.scope ?? option("scope");
  if (tokenEndpointUrl === undefined || clientId === undefined || clientSecret === undefined) {
    throw invalid("OAUTHBEARER lacks sasl.oauthbearer.token.endpoint.url, an id or a secret");
  }
  const extensions = [...(entry?.options ?? [])].flatMap(([name, value]) =>
    name.startsWith("extension_") ? [[name.slice("extension_".length), value] as const] : [],
  );
  return {
    mechanism: "oauthbearer",
    oidc: { tokenEndpointUrl, clientId, clientSecret, ...(scope === undefined ? {} : { scope }) },
    extensions: Object.fromEntries(extensions),
  };
}

function invalid(what: string, hint?: string): KafkaError {
  return new KafkaError("INVALID_OPTION", what, hint === undefined ? {} : { hint });
}
