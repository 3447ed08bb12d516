"""A ten-line aiokafka program for each thing a user does first; see ../src/clients.ts."""
import asyncio
import sys

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic


async def create(broker, topic, partitions):
    admin = AIOKafkaAdminClient(bootstrap_servers=broker)
    await admin.start()
    await admin.create_topics([NewTopic(topic, int(partitions), 1)])
    await admin.close()


async def produce(broker, topic, codec):
    codec = None if codec == "none" else codec
    async with AIOKafkaProducer(bootstrap_servers=broker, compression_type=codec, enable_idempotence=True) as producer:
        await asyncio.gather(*[await producer.send(topic, line.rstrip("\n").encode()) for line in sys.stdin])


async def consume(broker, topic, count):
    async with AIOKafkaConsumer(bootstrap_servers=broker, enable_auto_commit=False) as consumer:
        consumer.assign([TopicPartition(topic, 0)])
        await consumer.seek_to_beginning()
        for _ in range(int(count)):
            message = await asyncio.wait_for(consumer.getone(), 30)
            print(message.value.decode())


async def group(broker, topic, count):
    settings = {"group_id": topic, "auto_offset_reset": "earliest"}
    async with AIOKafkaConsumer(topic, bootstrap_servers=broker, **settings) as consumer:
        for _ in range(int(count)):
            message = await asyncio.wait_for(consumer.getone(), 30)
            print(message.value.decode())


asyncio.run({"create": create, "produce": produce, "consume": consume, "group": group}[sys.argv[1]](*sys.argv[2:5]))
