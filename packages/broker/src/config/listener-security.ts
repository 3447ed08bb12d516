import type { TlsVersion } from "@millrace/platform";
import { opensslCipher } from "../security/cipher-suites.ts";
import { type JaasEntry, parseJaas } from "../security/jaas.ts";
import { parseMappingRules, type PrincipalMapping } from "../security/principal-mapping.ts";
import { findBrokerKey } from "./broker-keys.ts";
import { type ConfigContext, report } from "./config-context.ts";
import { parseConfigValue } from "./config-value.ts";
import {
  type ListenerSaslConfig,
  type ListenerTlsConfig,
  type OauthbearerConfig,
  type SaslMechanism,
  saslMechanisms,
  type StoreConfig,
} from "./security-config.ts";
import { isList, type ParsedValue } from "./validator.ts";

/** A configuration of one listener: its own if it has one, else that of all. */
class ListenerValues {
  readonly #context: ConfigContext;
  readonly #prefix: string;

  constructor(context: ConfigContext, listenerName: string) {
    this.#context = context;
    this.#prefix = `listener.name.${listenerName.toLowerCase()}.`;
  }

  /** The name under which a configuration counts here. */
  nameOf(name: string, mechanism?: SaslMechanism): string {
    const { given } = this.#context;
    const names = [`${this.#prefix}${name}`, name];
    if (mechanism !== undefined) {
      const own = `${mechanism.toLowerCase()}.${name}`;
      names.unshift(`${this.#prefix}${own}`, own);
    }
    return names.find((each) => given.has(each)) ?? name;
  }

  value(name: string, mechanism?: SaslMechanism): ParsedValue | null {
    const { given, exactValues } = this.#context;
    const fullName = this.nameOf(name, mechanism);
    const text = given.get(fullName)?.value;
    const configKey = findBrokerKey(name);
    if (fullName === name || text === undefined || configKey === undefined) {
      return exactValues.get(name) ?? null;
    }
    const outcome = parseConfigValue(configKey, text);
    // One that is not valid is told where all that was given is looked at.
    return outcome.ok ? outcome.value : configKey.defaultValue;
  }

  text(name: string, mechanism?: SaslMechanism): string | null {
    const value = this.value(name, mechanism);
    // Kafka writes "unset" as an empty value too.
    return typeof value === "string" && value !== "" ? value : null;
  }

  number(name: string, mechanism?: SaslMechanism): number {
    return Number(this.value(name, mechanism) ?? 0);
  }

  list(name: string): readonly string[] {
    const value = this.value(name);
    return value !== null && isList(value) ? value : [];
  }

  report(name: string, message: string): void {
    report(this.#context, this.nameOf(name), message);
  }
}

/** Works out a listener's TLS; what is wrong is reported in the context. No file is read here. */
export function resolveListenerTls(context: ConfigContext, name: string): ListenerTlsConfig {
  const values = new ListenerValues(context, name);
  const store = (kind: "keystore" | "truststore"): StoreConfig => ({
    type: (values.text(`ssl.${kind}.type`) ?? "JKS").toUpperCase(),
    location: values.text(`ssl.${kind}.location`),
    password: values.text(`ssl.${kind}.password`),
  });
  const config = {
    keystore: store("keystore"),
    keystoreKey: values.text("ssl.keystore.key"),
    keystoreCertificateChain: values.text("ssl.keystore.certificate.chain"),
    keyPassword: values.text("ssl.key.password"),
    truststore: store("truststore"),
    truststoreCertificates: values.text("ssl.truststore.certificates"),
    clientAuth: clientAuthOf(values),
    ...versionsOf(values),
    ciphers: ciphersOf(values),
    principalMapping: mappingOf(values),
  };
  checkIdentity(values, name, config);
  return config;
}

function clientAuthOf(values: ListenerValues): ListenerTlsConfig["clientAuth"] {
  const text = values.text("ssl.client.auth");
  return text === "required" || text === "requested" ? text : "none";
}

function versionsOf(values: ListenerValues): {
  readonly versionMin: TlsVersion;
  readonly versionMax: TlsVersion;
} {
  const key = "ssl.enabled.protocols";
  const enabled = values.list(key);
  for (const version of enabled) {
    if (version === "TLSv1.2" || version === "TLSv1.3") continue;
    const advice = "expected TLSv1.2, TLSv1.3 or both: older versions are not safe";
    values.report(key, `${values.nameOf(key)} has ${version}; ${advice}`);
  }
  const has12 = enabled.length === 0 || enabled.includes("TLSv1.2");
  const has13 = enabled.length === 0 || enabled.includes("TLSv1.3");
  return {
    versionMin: has12 ? "TLSv1.2" : "TLSv1.3",
    versionMax: has13 ? "TLSv1.3" : "TLSv1.2",
  };
}

function ciphersOf(values: ListenerValues): readonly string[] {
  const key = "ssl.cipher.suites";
  return values.list(key).flatMap((name) => {
    const cipher = opensslCipher(name);
    if (cipher !== undefined) return [cipher];
    const expected = "expected a suite such as TLS_AES_256_GCM_SHA384";
    values.report(key, `${values.nameOf(key)} has ${name}, which is not supported; ${expected}`);
    return [];
  });
}

function mappingOf(values: ListenerValues): PrincipalMapping {
  const key = "ssl.principal.mapping.rules";
  const outcome = parseMappingRules(values.text(key) ?? "DEFAULT");
  if (outcome.ok) return outcome.mapping;
  values.report(key, `${values.nameOf(key)} is not valid: ${outcome.reason}`);
  return outcome.mapping;
}

function checkIdentity(
  values: ListenerValues,
  listenerName: string,
  config: Pick<ListenerTlsConfig, "keystore" | "keystoreKey" | "keystoreCertificateChain">,
): void {
  const { keystore, keystoreKey, keystoreCertificateChain } = config;
  const key = "ssl.keystore.location";
  const hasText = keystoreKey !== null || keystoreCertificateChain !== null;
  if (hasText && (keystoreKey === null || keystoreCertificateChain === null)) {
    const both = "ssl.keystore.key and ssl.keystore.certificate.chain";
    values.report("ssl.keystore.key", `${both} belong together; give both`);
  } else if (hasText && keystore.location !== null) {
    values.report(key, `${key} and ssl.keystore.key exclude each other; give one of them`);
  } else if (!hasText && keystore.location === null) {
    const advice = `set ssl.keystore.type=PEM and ${key} to a file with certificate and key`;
    values.report(key, `the listener ${listenerName} speaks TLS and has no certificate; ${advice}`);
  }
}

/** Works out a listener's SASL; what is wrong is reported in the context. */
export function resolveListenerSasl(context: ConfigContext, name: string): ListenerSaslConfig {
  const values = new ListenerValues(context, name);
  const mechanisms = mechanismsOf(values, name);
  return {
    mechanisms,
    plainUsers: plainUsersOf(context, values, mechanisms),
    maxReauthMs: new Map(
      mechanisms.map((each) => [each, values.number("connections.max.reauth.ms", each)]),
    ),
    receiveBytesMax: values.number("sasl.server.max.receive.size"),
    oauthbearer: mechanisms.includes("OAUTHBEARER") ? oauthbearerOf(values) : undefined,
  };
}

function mechanismsOf(values: ListenerValues, listenerName: string): readonly SaslMechanism[] {
  const key = "sasl.enabled.mechanisms";
  const built = saslMechanisms.join(", ");
  const given = values.list(key);
  const mechanisms: SaslMechanism[] = [];
  for (const name of given) {
    const mechanism = saslMechanisms.find((each) => each === name);
    if (mechanism !== undefined) {
      mechanisms.push(mechanism);
      continue;
    }
    const why = name === "GSSAPI" ? "GSSAPI (Kerberos), which is not built" : name;
    const where = `the listener ${listenerName} would offer ${why}`;
    values.report(key, `${where}; set ${values.nameOf(key)} to some of ${built}`);
  }
  if (given.length === 0) {
    values.report(key, `${values.nameOf(key)} is empty; expected some of ${built}`);
  }
  return mechanisms;
}

const USER_OPTION = "user_";

function plainUsersOf(
  context: ConfigContext,
  values: ListenerValues,
  mechanisms: readonly SaslMechanism[],
): ReadonlyMap<string, string> {
  const users = new Map<string, string>();
  if (!mechanisms.includes("PLAIN")) return users;
  for (const { loginModule, options } of jaasOf(values, "PLAIN")) {
    if (!loginModule.endsWith("PlainLoginModule")) continue;
    for (const [option, password] of options) {
      if (option.startsWith(USER_OPTION)) users.set(option.slice(USER_OPTION.length), password);
    }
  }
  if (users.size === 0 && context.fields.millraceSaslUsersFile === null) {
    const module = "org.apache.kafka.common.security.plain.PlainLoginModule";
    const line = `${module} required user_alice="…";`;
    const advice = `give them in sasl.jaas.config, as ${line} or name millrace.sasl.users.file`;
    values.report("sasl.jaas.config", `PLAIN is enabled and nobody has a password; ${advice}`);
  }
  return users;
}

function jaasOf(values: ListenerValues, mechanism: SaslMechanism): readonly JaasEntry[] {
  const key = "sasl.jaas.config";
  const text = values.text(key, mechanism);
  if (text === null) return [];
  const outcome = parseJaas(text);
  if (outcome.ok) return outcome.entries;
  values.report(
    values.nameOf(key, mechanism),
    `${values.nameOf(key, mechanism)} is not a JAAS configuration: ${outcome.reason}`,
  );
  return [];
}

function oauthbearerOf(values: ListenerValues): OauthbearerConfig | undefined {
  const key = "sasl.oauthbearer.jwks.endpoint.url";
  const jwksUrl = values.text(key);
  if (jwksUrl === null) {
    const why = "tokens cannot be checked without the keys of who issues them";
    values.report(key, `OAUTHBEARER is enabled and ${key} is not given; ${why}`);
    return undefined;
  }
  if (!values.list("millrace.sasl.oauthbearer.allowed.urls").includes(jwksUrl)) {
    const advice = "list it in millrace.sasl.oauthbearer.allowed.urls to allow it";
    values.report(key, `${key}=${jwksUrl} is not an address that may be asked; ${advice}`);
    return undefined;
  }
  // Whoever could change keys on the wire would make tokens for anybody.
  if (!/^(https|file):\/\//.test(jwksUrl)) {
    values.report(key, `${key}=${jwksUrl} is not valid: expected https:// or file:///`);
    return undefined;
  }
  return {
    jwksUrl,
    jwksRefreshMs: values.number("sasl.oauthbearer.jwks.endpoint.refresh.ms"),
    jwksRetryMs: values.number("sasl.oauthbearer.jwks.endpoint.retry.backoff.ms"),
    jwksRetryMaxMs: values.number("sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms"),
    connectTimeoutMs: values.number("sasl.login.connect.timeout.ms"),
    readTimeoutMs: values.number("sasl.login.read.timeout.ms"),
    clockSkewSeconds: values.number("sasl.oauthbearer.clock.skew.seconds"),
    audiences: values.list("sasl.oauthbearer.expected.audience"),
    issuer: values.text("sasl.oauthbearer.expected.issuer"),
    scopeClaim: values.text("sasl.oauthbearer.scope.claim.name") ?? "scope",
    subjectClaim: values.text("sasl.oauthbearer.sub.claim.name") ?? "sub",
  };
}
