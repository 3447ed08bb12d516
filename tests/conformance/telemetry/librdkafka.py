"""A producer on librdkafka that pushes its metrics for some seconds, compressed as it is told."""
import sys
import time

from confluent_kafka import Producer

broker, client_id, codec, seconds = sys.argv[1:5]
settings = {
    "bootstrap.servers": broker,
    "client.id": client_id,
    "enable.metrics.push": True,
    "compression.type": codec,
}
producer = Producer(settings)
end = time.monotonic() + float(seconds)
while time.monotonic() < end:
    producer.produce("telemetry", "x" * 100)
    producer.poll(0.05)
producer.flush(10)
