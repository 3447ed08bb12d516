"""A member of a group by librdkafka: python member.py BOOTSTRAP GROUP NAME PROTOCOL SESSION_MS.

Tells what happens to it in lines of JSON; see ../src/group-event.ts. It ends on SIGTERM.
"""
import json
import signal
import sys
import threading
import time

from confluent_kafka import Consumer, KafkaException

bootstrap, group, name, protocol, session = sys.argv[1:6]
held = set()
stopped = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stopped.set())


def tell(kind, partitions):
    numbers = [one.partition for one in partitions]
    if kind == "assigned":
        held.update(numbers)
    else:
        held.difference_update(numbers)
    event = {"atMs": time.time() * 1000, "group": group, "member": name, "kind": kind}
    print(json.dumps({**event, "partitions": numbers, "held": sorted(held)}), flush=True)


settings = {"bootstrap.servers": bootstrap, "group.id": group, "client.id": name}
settings |= {"enable.auto.commit": False, "auto.offset.reset": "earliest"}
settings |= {"log_level": 0, "error_cb": lambda _: None}
if protocol == "consumer":
    settings |= {"group.protocol": "consumer"}
else:
    settings |= {"partition.assignment.strategy": "cooperative-sticky"}
    settings |= {"session.timeout.ms": int(session), "heartbeat.interval.ms": 500}
consumer = Consumer(settings)
consumer.subscribe(
    ["chaos"],
    on_assign=lambda _, partitions: tell("assigned", partitions),
    on_revoke=lambda _, partitions: tell("revoked", partitions),
    on_lost=lambda _, partitions: tell("lost", partitions),
)
while not stopped.is_set():
    records = consumer.consume(100, timeout=0.2)
    good = [record for record in records if not record.error()]
    if good:
        try:
            consumer.commit(asynchronous=False)
        except KafkaException:
            pass  # It lost them meanwhile: whoever has them now reads them again.
consumer.close()
