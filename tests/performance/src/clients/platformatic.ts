import { Consumer, Producer } from "@platformatic/kafka";
import type {
  BenchConsumer,
  BenchProducer,
  ClientUnderTest,
  ConsumeWork,
} from "./client-under-test.ts";

const ACKS_ALL = -1;

/**
 * @platformatic/kafka with its defaults: not idempotent, each call of `send` a request. Records
 * without a promise go by its stream, which makes batches; records are read by `data` events, which
 * cost less than its asynchronous iteration. It has no batches to read by.
 */
export function openPlatformatic(bootstrap: string): ClientUnderTest {
  const connection = { clientId: "bench", bootstrapBrokers: [bootstrap] };
  return {
    openProducer: async (topic) => producerOf(new Producer(connection), topic),
    consume: (work) => consume(new Consumer({ ...connection, groupId: work.groupId }), work),
  };
}

type ProducerStream = ReturnType<Producer<Buffer, Buffer, Buffer, Buffer>["asStream"]>;

function producerOf(producer: Producer, topic: string): BenchProducer {
  let failure: Error | undefined;
  let stream: ProducerStream | undefined;
  const openStream = (): ProducerStream => {
    const opened = producer.asStream({ acks: ACKS_ALL, batchSize: 1_000, highWaterMark: 5_000 });
    opened.on("error", (error) => {
      failure = error;
    });
    stream = opened;
    return opened;
  };
  return {
    sendOne: (value) => producer.send({ messages: [{ topic, value }], acks: ACKS_ALL }),
    sendArray: (values) =>
      producer.send({ messages: values.map((value) => ({ topic, value })), acks: ACKS_ALL }),
    enqueue(value) {
      const open = stream ?? openStream();
      if (open.write({ topic, value })) return undefined;
      return new Promise((resolve) => open.once("drain", resolve));
    },
    async flush() {
      await stream?.close();
      if (failure !== undefined) throw failure;
    },
    close: () => producer.close(),
  };
}

async function consume(consumer: Consumer, work: ConsumeWork): Promise<BenchConsumer> {
  const { topic, onRecords } = work;
  const stream = await consumer.consume({
    topics: [topic],
    mode: "committed",
    fallbackMode: "earliest",
  });
  stream.on("data", (message) => onRecords(1, message.value.length));
  return {
    async close() {
      await stream.close();
      await consumer.close();
    },
  };
}
