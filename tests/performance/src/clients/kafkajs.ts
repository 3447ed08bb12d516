import { Kafka, logLevel, Partitioners } from "kafkajs";
import type {
  BenchConsumer,
  BenchProducer,
  ClientUnderTest,
  ConsumeWork,
} from "./client-under-test.ts";

const ACKS_ALL = -1;

/** Kafkajs with its defaults: not idempotent, each call of `send` a request, no checksums. */
export function openKafkajs(bootstrap: string): ClientUnderTest {
  const kafka = new Kafka({ clientId: "bench", brokers: [bootstrap], logLevel: logLevel.NOTHING });
  return {
    openProducer: (topic) => openProducer(kafka, topic),
    consume: (work) => consume(kafka, work),
  };
}

async function openProducer(kafka: Kafka, topic: string): Promise<BenchProducer> {
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const sendArray = (values: readonly Buffer[]): Promise<unknown> =>
    producer.send({ topic, acks: ACKS_ALL, messages: values.map((value) => ({ value })) });
  return {
    sendOne: (value) => producer.send({ topic, acks: ACKS_ALL, messages: [{ value }] }),
    sendArray,
    enqueue: undefined,
    flush: () => Promise.resolve(),
    close: () => producer.disconnect(),
  };
}

async function consume(kafka: Kafka, work: ConsumeWork): Promise<BenchConsumer> {
  const { topic, groupId, inBatches, onRecords } = work;
  const consumer = kafka.consumer({ groupId });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run(
    inBatches
      ? {
          async eachBatch({ batch }) {
            let sizeBytes = 0;
            for (const message of batch.messages) sizeBytes += message.value?.length ?? 0;
            onRecords(batch.messages.length, sizeBytes);
          },
        }
      : {
          async eachMessage({ message }) {
            onRecords(1, message.value?.length ?? 0);
          },
        },
  );
  return { close: () => consumer.disconnect() };
}
