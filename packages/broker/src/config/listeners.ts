import type { ListenerConfig, SecurityProtocol } from "./broker-config.ts";
import { type ConfigContext, report } from "./config-context.ts";
import type { ListenerTlsConfig } from "./security-config.ts";
import { resolveListenerSasl, resolveListenerTls } from "./listener-security.ts";

/** Where the broker listens. */
export interface ResolvedListeners {
  readonly listeners: readonly ListenerConfig[];
  readonly controllerListeners: readonly ListenerConfig[];
  readonly interBrokerListenerName: string;
  readonly httpTls: ListenerTlsConfig | undefined;
}

/**
 * Works out the listeners from listeners, advertised.listeners, listener.security.protocol.map,
 * controller.listener.names and inter.broker.listener.name, which have to fit together.
 * What does not is reported in the context.
 */
export function resolveListeners(context: ConfigContext): ResolvedListeners {
  const { fields } = context;
  const endpoints = readEndpoints(context, "listeners", fields.listeners);
  const advertised = readEndpoints(
    context,
    "advertised.listeners",
    fields.advertisedListeners ?? [],
  );
  const protocols = readProtocolMap(context);
  const controllerNames = readControllerNames(context, endpoints);
  checkPorts(context, endpoints);
  checkAdvertised(context, endpoints, advertised);
  const all = endpoints.map((endpoint): ListenerConfig => {
    const isController = controllerNames.has(endpoint.name);
    const securityProtocol = protocolOf(context, endpoint.name, { protocols, isController });
    // A controller listener is not bound on a node that is alone: nothing of it can be wrong.
    const security = isController ? noSecurity : securityOf(context, endpoint, securityProtocol);
    return {
      ...endpoint,
      ...security,
      securityProtocol,
      advertised: findAdvertised(context, endpoint, advertised),
      maxConnections: listenerLimit(context, endpoint.name, "max.connections"),
      maxConnectionCreationRate: listenerLimit(
        context,
        endpoint.name,
        "max.connection.creation.rate",
      ),
    };
  });
  const listeners = all.filter((listener) => !controllerNames.has(listener.name));
  if (listeners.length === 0 && endpoints.length > 0) {
    report(
      context,
      "listeners",
      "listeners has only controller listeners; expected at least one for clients, such as PLAINTEXT://:9092",
    );
  }
  return {
    listeners,
    controllerListeners: all.filter((listener) => controllerNames.has(listener.name)),
    interBrokerListenerName: chooseInterBrokerListener(context, listeners),
    httpTls:
      fields.millraceHttpSecurityProtocol === "SSL" && fields.millraceHttpPort >= 0
        ? resolveListenerTls(context, "HTTP")
        : undefined,
  };
}

interface Endpoint {
  readonly name: string;
  readonly host: string | undefined;
  readonly port: number;
}

const ENDPOINT = /^([^:/\s]+):\/\/(?:\[([0-9a-fA-F:.%]+)\]|([0-9a-zA-Z\-%._]*)):(\d+)$/;

function readEndpoints(
  context: ConfigContext,
  key: string,
  texts: readonly string[],
): readonly Endpoint[] {
  const endpoints: Endpoint[] = [];
  for (const text of texts) {
    const [, name, address6, host, digits] = ENDPOINT.exec(text) ?? [];
    const port = Number(digits);
    if (name === undefined || !(port <= 65_535)) {
      const expected = "expected NAME://host:port, such as PLAINTEXT://localhost:9092";
      report(context, key, `${key} has ${text}, which is not a listener; ${expected}`);
      continue;
    }
    const upperName = name.toUpperCase();
    if (endpoints.some((endpoint) => endpoint.name === upperName)) {
      report(context, key, `${key} names the listener ${upperName} twice; give each its own name`);
      continue;
    }
    const given = address6 ?? host ?? "";
    endpoints.push({ name: upperName, host: given === "" ? undefined : given, port });
  }
  return endpoints;
}

const PROTOCOLS: readonly SecurityProtocol[] = ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"];

function readProtocolMap(context: ConfigContext): ReadonlyMap<string, SecurityProtocol> {
  const key = "listener.security.protocol.map";
  const protocols = new Map<string, SecurityProtocol>();
  for (const pair of context.fields.listenerSecurityProtocolMap.split(/\s*,\s*/)) {
    if (pair === "") continue;
    const [, name, word] = /^([^:]+):([^:]+)$/.exec(pair) ?? [];
    const protocol = PROTOCOLS.find((each) => each === word?.toUpperCase());
    if (name === undefined || protocol === undefined) {
      const expected = `expected NAME:PROTOCOL with one of ${PROTOCOLS.join(", ")}`;
      report(context, key, `${key} has ${pair}, which maps nothing; ${expected}`);
    } else if (protocols.has(name.toUpperCase())) {
      report(context, key, `${key} maps the listener ${name.toUpperCase()} twice; map it once`);
    } else {
      protocols.set(name.toUpperCase(), protocol);
    }
  }
  return protocols;
}

function readControllerNames(
  context: ConfigContext,
  endpoints: readonly Endpoint[],
): ReadonlySet<string> {
  const key = "controller.listener.names";
  const names = new Set(context.fields.controllerListenerNames.map((name) => name.toUpperCase()));
  // Nobody has to give a controller listener; who names one has to say where it is.
  if (!context.given.has(key)) return names;
  for (const name of names) {
    if (endpoints.some((endpoint) => endpoint.name === name)) continue;
    const known = endpoints.map((endpoint) => endpoint.name).join(", ");
    report(context, key, `${key} has ${name}, which listeners does not; expected one of ${known}`);
  }
  return names;
}

/** One port serves two listeners only when one has an IPv4 and the other an IPv6 address. */
function checkPorts(context: ConfigContext, endpoints: readonly Endpoint[]): void {
  for (const [index, endpoint] of endpoints.entries()) {
    if (endpoint.port === 0) continue;
    const rival = endpoints.slice(0, index).find((earlier) => isSamePort(earlier, endpoint));
    if (rival === undefined) continue;
    const both = `${rival.name} and ${endpoint.name}`;
    report(
      context,
      "listeners",
      `listeners gives port ${endpoint.port} to ${both}; give each its own`,
    );
  }
}

function isSamePort(left: Endpoint, right: Endpoint): boolean {
  if (left.port !== right.port) return false;
  const isVersion6 = (endpoint: Endpoint): boolean => endpoint.host?.includes(":") ?? false;
  const bothNamed = left.host !== undefined && right.host !== undefined;
  return !(bothNamed && isVersion6(left) !== isVersion6(right));
}

function checkAdvertised(
  context: ConfigContext,
  endpoints: readonly Endpoint[],
  advertised: readonly Endpoint[],
): void {
  const key = "advertised.listeners";
  for (const endpoint of advertised) {
    if (!endpoints.some((listener) => listener.name === endpoint.name)) {
      const known = endpoints.map((listener) => listener.name).join(", ");
      const expected = `expected one of ${known}`;
      report(context, key, `${key} has ${endpoint.name}, which listeners does not; ${expected}`);
    }
    if (isEveryAddress(endpoint.host)) {
      const advice = "give the name or address under which clients reach this machine";
      report(
        context,
        key,
        `${key} has ${endpoint.host}, which no client can connect to; ${advice}`,
      );
    }
  }
}

function isEveryAddress(host: string | undefined): boolean {
  return host === "0.0.0.0" || host === "::";
}

function protocolOf(
  context: ConfigContext,
  name: string,
  known: {
    readonly protocols: ReadonlyMap<string, SecurityProtocol>;
    readonly isController: boolean;
  },
): SecurityProtocol {
  const mapKey = "listener.security.protocol.map";
  const protocol = known.protocols.get(name);
  if (protocol !== undefined) return protocol;
  // Kafka speaks PLAINTEXT on a controller listener when nobody has given a map.
  if (known.isController && !context.given.has(mapKey)) return "PLAINTEXT";
  const advice = `add ${name}:PLAINTEXT to ${mapKey}`;
  report(context, "listeners", `listeners has ${name}, which ${mapKey} does not; ${advice}`);
  return "PLAINTEXT";
}

type Security = Pick<ListenerConfig, "tls" | "sasl">;

const noSecurity: Security = { tls: undefined, sasl: undefined };

function securityOf(
  context: ConfigContext,
  { name }: Endpoint,
  protocol: SecurityProtocol,
): Security {
  return {
    tls: protocol.endsWith("SSL") ? resolveListenerTls(context, name) : undefined,
    sasl: protocol.startsWith("SASL") ? resolveListenerSasl(context, name) : undefined,
  };
}

function findAdvertised(
  context: ConfigContext,
  endpoint: Endpoint,
  advertised: readonly Endpoint[],
): ListenerConfig["advertised"] {
  const told = advertised.find((candidate) => candidate.name === endpoint.name);
  if (told !== undefined) return { host: told.host, port: told.port };
  if (isEveryAddress(endpoint.host) && context.fields.advertisedListeners === null) {
    const line = `advertised.listeners=${endpoint.name}://host:${endpoint.port}`;
    const advice = `add ${line} with a name that clients reach`;
    const why = `${endpoint.name} listens on ${endpoint.host}, which no client can connect to`;
    report(context, "listeners", `${why}; ${advice}, or leave the host out`);
  }
  const host = isEveryAddress(endpoint.host) ? undefined : endpoint.host;
  return { host, port: endpoint.port };
}

function chooseInterBrokerListener(
  context: ConfigContext,
  listeners: readonly ListenerConfig[],
): string {
  const key = "inter.broker.listener.name";
  const named = context.fields.interBrokerListenerName;
  const known = listeners.map((listener) => listener.name).join(", ");
  if (named !== null && context.given.has("security.inter.broker.protocol")) {
    const advice = "give only one of them";
    report(context, key, `${key} and security.inter.broker.protocol exclude each other; ${advice}`);
  }
  const name = named?.toUpperCase() ?? context.fields.securityInterBrokerProtocol;
  if (listeners.some((listener) => listener.name === name)) return name;
  const reason =
    named === null
      ? `${key} is not given and no listener is called ${name}`
      : `${key} is ${named}, which is no listener for clients and brokers`;
  if (listeners.length > 0) report(context, key, `${reason}; expected one of ${known}`);
  return name;
}

function listenerLimit(context: ConfigContext, name: string, limit: string): number {
  const key = `listener.name.${name.toLowerCase()}.${limit}`;
  const given = context.given.get(key);
  if (given === undefined) return 2_147_483_647;
  const count = Number(given.value);
  if (Number.isSafeInteger(count) && count >= 0 && given.value.trim() !== "") return count;
  report(context, key, `${key}=${given.value} is not valid: expected a number of at least 0`);
  return 2_147_483_647;
}
