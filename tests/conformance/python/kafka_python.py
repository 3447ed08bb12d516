"""A ten-line kafka-python program for each thing a user does first; see ../src/clients.ts."""
import sys

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient

command, broker, topic, argument = sys.argv[1:5]
if command == "create":
    admin = KafkaAdminClient(bootstrap_servers=broker)
    admin.create_topics({topic: {"num_partitions": int(argument)}}, wait_for_metadata=True)
elif command == "produce":
    codec = None if argument == "none" else argument
    producer = KafkaProducer(bootstrap_servers=broker, compression_type=codec, acks="all")
    sent = [producer.send(topic, line.rstrip("\n").encode()) for line in sys.stdin]
    producer.flush(30)
    for one in sent:
        one.get(1)
elif command == "group":
    settings = {"auto_offset_reset": "earliest", "consumer_timeout_ms": 30000}
    consumer = KafkaConsumer(topic, bootstrap_servers=broker, group_id=topic, **settings)
    for _ in range(int(argument)):
        print(next(consumer).value.decode())
    consumer.close()
elif command == "consume":
    consumer = KafkaConsumer(bootstrap_servers=broker, auto_offset_reset="earliest", consumer_timeout_ms=30000)
    consumer.assign([TopicPartition(topic, 0)])
    for _ in range(int(argument)):
        print(next(consumer).value.decode())
