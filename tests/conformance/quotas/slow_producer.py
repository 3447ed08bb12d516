"""Produces for a while above its quota; prints bytes, seconds and the longest throttle in ms."""

import sys
import time

from confluent_kafka import Producer

bootstrap, topic, count, size = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
throttles = [0.0]
delivered = []
producer = Producer(
    {
        "bootstrap.servers": bootstrap,
        "client.id": "slow-librdkafka",
        "batch.size": 20000,
        "linger.ms": 5,
        "max.in.flight.requests.per.connection": 1,
        "message.timeout.ms": 60000,
        "throttle_cb": lambda event: throttles.append(event.throttle_time * 1000),
    }
)
began = time.monotonic()
for _ in range(count):
    producer.produce(topic, b"x" * size, on_delivery=lambda error, _: delivered.append(error))
    producer.poll(0)
producer.flush(60)
if delivered != [None] * count:
    sys.exit(f"{len(delivered)} of {count} delivered")
print(count * size, time.monotonic() - began, max(throttles))
