"""Produces one record with confluent-kafka over whatever the environment says; see clients.ts."""

import os
import sys
import time

from confluent_kafka import Producer

bootstrap, topic = sys.argv[1:3]
env = os.environ.get
mechanism = env("SASL_MECHANISM")
tls = "SSL" if env("TLS_CA") else "PLAINTEXT"
settings = {
    "bootstrap.servers": bootstrap,
    "security.protocol": f"SASL_{tls}" if mechanism else tls,
    "message.timeout.ms": 4000,
}
names = {
    "sasl.mechanism": "SASL_MECHANISM",
    "sasl.username": "SASL_USERNAME",
    "sasl.password": "SASL_PASSWORD",
    "ssl.ca.location": "TLS_CA",
    "ssl.certificate.location": "TLS_CERTIFICATE",
    "ssl.key.location": "TLS_KEY",
}
settings.update({key: env(name) for key, name in names.items() if env(name)})
if env("SASL_TOKEN"):
    settings["oauth_cb"] = lambda _: (env("SASL_TOKEN"), time.time() + 300)
errors = []


def fail(error):
    """Nobody waits for a broker that has refused."""
    print(error, file=sys.stderr)
    os._exit(1)


settings["error_cb"] = fail
producer = Producer(settings)
producer.produce(topic, "from confluent", on_delivery=lambda error, _: errors.append(error))
producer.flush(8)
if errors != [None]:
    sys.exit(str(errors))
print("ok")
