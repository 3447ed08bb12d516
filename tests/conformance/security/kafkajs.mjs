// Produces one record with kafkajs over whatever the environment says; see clients.ts.
import { readFileSync } from "node:fs";
import { Kafka, logLevel } from "kafkajs";

const [broker, topic] = process.argv.slice(2);
const { SASL_MECHANISM, SASL_USERNAME, SASL_PASSWORD, SASL_TOKEN } = process.env;
const { TLS_CA, TLS_CERTIFICATE, TLS_KEY } = process.env;
const sasl =
  SASL_MECHANISM === undefined
    ? {}
    : {
        sasl: {
          mechanism: SASL_MECHANISM.toLowerCase(),
          username: SASL_USERNAME,
          password: SASL_PASSWORD,
          oauthBearerProvider: async () => ({ value: SASL_TOKEN }),
        },
      };
const own = TLS_CERTIFICATE
  ? { cert: readFileSync(TLS_CERTIFICATE), key: readFileSync(TLS_KEY) }
  : {};
const ssl = TLS_CA ? { ssl: { ca: [readFileSync(TLS_CA)], ...own } } : {};
const retry = { retries: 0 };
const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING, retry, ...sasl, ...ssl });
const producer = kafka.producer({ retry });
await producer.connect();
await producer.send({ topic, messages: [{ value: "from kafkajs" }] });
await producer.disconnect();
process.stdout.write("ok\n");
