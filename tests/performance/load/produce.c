/* Throughput of producing COUNT records of SIZE bytes to one topic. */
#include "load.h"

#include <stdio.h>

static long settled, refused;

static void on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque) {
  (void)client;
  (void)opaque;
  settled++;
  if (!message->err) return;
  if (!refused++) fprintf(stderr, "not delivered: %s\n", rd_kafka_err2str(message->err));
}

int run_produce(int argc, char **argv) {
  long count = number_option(argc, argv, "count", 100000);
  long size = number_option(argc, argv, "size", 100);
  rd_kafka_conf_t *conf = connection_configuration(argc, argv);
  configure(conf, "linger.ms", option(argc, argv, "linger", "5"));
  configure(conf, "batch.size", option(argc, argv, "batch", "1000000"));
  configure(conf, "batch.num.messages", option(argc, argv, "batch-records", "1000000"));
  configure(conf, "queue.buffering.max.messages", "1000000");
  configure(conf, "message.max.bytes", "10000000");
  configure(conf, "acks", option(argc, argv, "acks", "1"));
  configure(conf, "compression.codec", option(argc, argv, "codec", "none"));
  configure(conf, "max.in.flight.requests.per.connection", option(argc, argv, "in-flight", "5"));
  rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
  rd_kafka_t *client = make_client(RD_KAFKA_PRODUCER, conf);
  rd_kafka_topic_t *topic = rd_kafka_topic_new(client, option(argc, argv, "topic", "bench"), NULL);
  /* With --keys N, records take N keys in turn: what a compacted topic is cleaned of. */
  long keys = number_option(argc, argv, "keys", 0);
  char *payload = letters(size);

  double began = monotonic_seconds(), cpu = cpu_seconds();
  for (long i = 0; i < count; i++) {
    char key[32];
    size_t key_size = keys ? (size_t)snprintf(key, sizeof key, "%ld", i % keys) : 0;
    while (rd_kafka_produce(topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, payload,
                            (size_t)size, keys ? key : NULL, key_size, NULL) == -1) {
      rd_kafka_poll(client, 5);
    }
    if ((i & 1023) == 0) rd_kafka_poll(client, 0);
  }
  while (settled < count) rd_kafka_poll(client, 50);
  double seconds = monotonic_seconds() - began;
  printf("{\"records\":%ld,\"refused\":%ld,\"seconds\":%.4f,\"clientCpuSeconds\":%.3f}\n", count,
         refused, seconds, cpu_seconds() - cpu);
  return refused ? 1 : 0;
}
