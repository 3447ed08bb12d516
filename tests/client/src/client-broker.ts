import type { Broker, BrokerKind } from "@millrace/conformance/harness";

import type { BrokerDescription, ListenerName } from "./broker-description.ts";
import { type Login, plainUser, scramUser, Secrets } from "./secrets.ts";

/** A broker as a test sees it: Millrace or Apache Kafka, perhaps shared with other tests. */
export interface ClientBroker {
  readonly kind: BrokerKind;
  /** `Millrace` or `Apache Kafka`. */
  readonly name: string;
  /** `127.0.0.1:PORT` of the listener without TLS and login. */
  readonly bootstrap: string;
  /** The same for each listener; SSL asks for a certificate but takes clients without one. */
  readonly listeners: Readonly<Record<ListenerName, string>>;
  /** In PEM: who has signed the broker's certificate, and a client's certificate (CN=client). */
  readonly tls: { readonly ca: string; readonly certificate: string; readonly key: string };
  /** The folder of `authority.pem`, `client.pem`, `client.key` and what else `Secrets` tells. */
  readonly secretsFolder: string;
  /** The user of PLAIN. */
  readonly plainUser: Login;
  /** The user of SCRAM-SHA-256 and SCRAM-SHA-512. */
  readonly scramUser: Login;
  /**
   * A signed token of OAUTHBEARER; valid for five minutes for the user `sub` when not told else.
   */
  token(claims: Readonly<Record<string, unknown>>): string;
}

/** A broker that belongs to one test, which may stop it. */
export interface OwnBroker extends ClientBroker {
  /** SIGTERM, and waits for the end; gives the exit code. */
  stop(): Promise<number>;
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>;
  /** Starts it again on the same folder and ports after `stop` or `kill`. */
  start(): Promise<void>;
  readonly pid: number;
}

/** What a test sees of a running broker. */
export function clientBroker(description: BrokerDescription): ClientBroker {
  const { kind, listeners, secretsFolder } = description;
  const secrets = new Secrets(secretsFolder);
  return {
    kind,
    name: brokerNames[kind],
    bootstrap: listeners.PLAINTEXT,
    listeners,
    tls: {
      ca: secrets.read("authority.pem"),
      certificate: secrets.read("client.pem"),
      key: secrets.read("client.key"),
    },
    secretsFolder,
    plainUser,
    scramUser,
    token: (claims) => secrets.token(claims),
  };
}

/** What a test sees of a broker that it may stop. */
export function ownBroker(description: BrokerDescription, process: Broker): OwnBroker {
  return {
    ...clientBroker(description),
    stop: () => process.stop(),
    kill: () => process.kill(),
    start: () => process.start(),
    get pid() {
      return process.pid;
    },
  };
}

/** What each kind is called in the names of tests. */
export const brokerNames: Readonly<Record<BrokerKind, string>> = {
  millrace: "Millrace",
  kafka: "Apache Kafka",
};
