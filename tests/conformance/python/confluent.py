"""A ten-line confluent-kafka program for each thing a user does first; see ../src/clients.ts."""
import sys

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

command, broker, topic, argument = sys.argv[1:5]
if command == "create":
    admin = AdminClient({"bootstrap.servers": broker})
    admin.create_topics([NewTopic(topic, int(argument), 1)])[topic].result(30)
elif command == "produce":
    settings = {"bootstrap.servers": broker, "compression.type": argument, "enable.idempotence": True}
    producer = Producer(settings)
    failures = []
    for line in sys.stdin:
        producer.produce(topic, line.rstrip("\n"), on_delivery=lambda error, _: error and failures.append(error))
    producer.flush(30)
    sys.exit(f"{len(failures)} failed: {failures[0]}" if failures else 0)
elif command in ("group", "consumer-group"):
    settings = {"bootstrap.servers": broker, "group.id": topic, "auto.offset.reset": "earliest"}
    if command == "consumer-group":
        settings |= {"group.id": f"{topic}-next", "group.protocol": "consumer"}
    consumer = Consumer(settings)
    consumer.subscribe([topic])
    for _ in range(int(argument)):
        message = consumer.poll(30)
        if message is None or message.error():
            sys.exit(f"no message: {message and message.error()}")
        print(message.value().decode())
    consumer.close()
elif command == "consume":
    consumer = Consumer({"bootstrap.servers": broker, "group.id": "none", "enable.auto.commit": False})
    consumer.assign([TopicPartition(topic, 0, 0)])
    for _ in range(int(argument)):
        message = consumer.poll(30)
        if message is None or message.error():
            sys.exit(f"no message: {message and message.error()}")
        print(message.value().decode())
