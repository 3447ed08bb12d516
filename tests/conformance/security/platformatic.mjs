// Produces one record with @platformatic/kafka over whatever the environment says; see clients.ts.
import { readFileSync } from "node:fs";
import { Producer, stringSerializers } from "@platformatic/kafka";

const [broker, topic] = process.argv.slice(2);
const { SASL_MECHANISM, SASL_USERNAME, SASL_PASSWORD, SASL_TOKEN } = process.env;
const { TLS_CA, TLS_CERTIFICATE, TLS_KEY } = process.env;
const sasl =
  SASL_MECHANISM === undefined
    ? {}
    : {
        sasl: {
          mechanism: SASL_MECHANISM,
          username: SASL_USERNAME,
          password: SASL_PASSWORD,
          token: SASL_TOKEN,
        },
      };
const own = TLS_CERTIFICATE
  ? { cert: readFileSync(TLS_CERTIFICATE), key: readFileSync(TLS_KEY) }
  : {};
const tls = TLS_CA ? { tls: { ca: [readFileSync(TLS_CA)], ...own } } : {};
const producer = new Producer({
  clientId: "security",
  bootstrapBrokers: [broker],
  serializers: stringSerializers,
  retries: 0,
  ...sasl,
  ...tls,
});
await producer.send({ messages: [{ topic, value: "from platformatic" }], acks: -1 });
await producer.close();
process.stdout.write("ok\n");
