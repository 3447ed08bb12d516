import {
  type Broker,
  type BrokerKind,
  freePort,
  startKafka,
  startMillrace,
} from "@millrace/conformance/harness";

import { type BrokerDescription, type ListenerName, listenerNames } from "./broker-description.ts";
import { addScramUser } from "./scram-users.ts";
import { plainUser, scramUser, Secrets } from "./secrets.ts";

/** A broker with all listeners that this process has started. */
export interface StartedBroker extends AsyncDisposable {
  readonly description: BrokerDescription;
  readonly process: Broker;
}

/** Starts a broker with all listeners, users and internal topics of few partitions. */
export async function startClientBroker(
  kind: BrokerKind,
  properties: readonly string[] = [],
): Promise<StartedBroker> {
  const secrets = Secrets.make();
  const { SSL, SASL_PLAINTEXT, SASL_SSL } = {
    SSL: await freePort(),
    SASL_PLAINTEXT: await freePort(),
    SASL_SSL: await freePort(),
  };
  const keySet = `file://${secrets.path("keys.json")}`;
  const start = kind === "kafka" ? startKafka : startMillrace;
  const broker = await start({
    listeners: { SSL, SASL_PLAINTEXT, SASL_SSL },
    properties: [...usualProperties(secrets, keySet), ...properties],
    logDirectories: 2,
    javaOptions: [`-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=${keySet}`],
  });
  const at = (port: number): string => `127.0.0.1:${port}`;
  const listeners: Record<ListenerName, string> = {
    PLAINTEXT: broker.bootstrap,
    SSL: at(SSL),
    SASL_PLAINTEXT: at(SASL_PLAINTEXT),
    SASL_SSL: at(SASL_SSL),
  };
  const started: StartedBroker = {
    description: { kind, listeners, secretsFolder: secrets.folder },
    process: broker,
    [Symbol.asyncDispose]: async () => {
      await broker[Symbol.asyncDispose]();
      secrets.remove();
    },
  };
  try {
    await addScramUser(broker.bootstrap, scramUser);
  } catch (error) {
    await started[Symbol.asyncDispose]();
    throw error;
  }
  return started;
}

const loginModules = "org.apache.kafka.common.security";

function usualProperties(secrets: Secrets, keySet: string): readonly string[] {
  const protocols = [...listenerNames, "CONTROLLER"].map(
    (name) => `${name}:${name === "CONTROLLER" ? "PLAINTEXT" : name}`,
  );
  const { username, password } = plainUser;
  const plain = `${loginModules}.plain.PlainLoginModule required user_${username}="${password}";`;
  const scram = `${loginModules}.scram.ScramLoginModule required;`;
  const bearer = `${loginModules}.oauthbearer.OAuthBearerLoginModule required;`;
  const handler = `${loginModules}.oauthbearer.OAuthBearerValidatorCallbackHandler`;
  return [
    `listener.security.protocol.map=${protocols.join(",")}`,
    "ssl.keystore.type=PEM",
    `ssl.keystore.location=${secrets.path("server-store.pem")}`,
    "ssl.truststore.type=PEM",
    `ssl.truststore.location=${secrets.path("authority.pem")}`,
    "listener.name.ssl.ssl.client.auth=requested",
    "sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER",
    ...["sasl_plaintext", "sasl_ssl"].flatMap((name) => [
      `listener.name.${name}.plain.sasl.jaas.config=${plain}`,
      `listener.name.${name}.scram-sha-256.sasl.jaas.config=${scram}`,
      `listener.name.${name}.scram-sha-512.sasl.jaas.config=${scram}`,
      `listener.name.${name}.oauthbearer.sasl.jaas.config=${bearer}`,
      `listener.name.${name}.oauthbearer.sasl.server.callback.handler.class=${handler}`,
    ]),
    `sasl.oauthbearer.jwks.endpoint.url=${keySet}`,
    `millrace.sasl.oauthbearer.allowed.urls=${keySet}`,
    "sasl.oauthbearer.expected.audience=kafka",
    "delegation.token.secret.key=a-secret-of-all-brokers",
    // A member hears of its target with a heartbeat: tests of groups mostly wait for these.
    ...["consumer", "share", "streams"].flatMap((type) => [
      `group.${type}.heartbeat.interval.ms=500`,
      `group.${type}.min.heartbeat.interval.ms=500`,
    ]),
    "group.initial.rebalance.delay.ms=0",
    "group.share.min.record.lock.duration.ms=1000",
    "offsets.topic.num.partitions=3",
    "transaction.state.log.num.partitions=3",
    "share.coordinator.state.topic.num.partitions=3",
    "share.coordinator.state.topic.replication.factor=1",
    "share.coordinator.state.topic.min.isr=1",
  ];
}
