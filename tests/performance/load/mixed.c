/* Many topics and partitions at once: PRODUCERS threads spread COUNT records over all partitions of
 * TOPIC-0 … TOPIC-(topics - 1), CONSUMERS threads read them all, each its share of the partitions. */
#include "load.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { BATCH = 10000 };

struct plan {
  const char *brokers, *topic, *acks;
  long topics, partitions, count, size, producers, consumers;
};
struct share {
  const struct plan *plan;
  long index;
};

static atomic_long settled, refused, received;

static void on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque) {
  (void)client;
  (void)opaque;
  settled++;
  if (message->err && !refused++) {
    fprintf(stderr, "not delivered: %s\n", rd_kafka_err2str(message->err));
  }
}

static rd_kafka_topic_t **topic_handles(rd_kafka_t *client, const struct plan *plan) {
  rd_kafka_topic_t **topics = malloc(sizeof *topics * (size_t)plan->topics);
  for (long i = 0; i < plan->topics; i++) {
    char name[256];
    snprintf(name, sizeof name, "%s-%ld", plan->topic, i);
    topics[i] = rd_kafka_topic_new(client, name, NULL);
  }
  return topics;
}

static void *produce_share(void *argument) {
  const struct share *share = argument;
  const struct plan *plan = share->plan;
  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  configure(conf, "bootstrap.servers", plan->brokers);
  configure(conf, "linger.ms", "5");
  configure(conf, "acks", plan->acks);
  configure(conf, "queue.buffering.max.messages", "500000");
  rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
  rd_kafka_t *client = make_client(RD_KAFKA_PRODUCER, conf);
  rd_kafka_topic_t **topics = topic_handles(client, plan);
  char *payload = letters(plan->size);
  long own = plan->count / plan->producers, slots = plan->topics * plan->partitions;
  for (long i = 0; i < own; i++) {
    long slot = (i + share->index * 7919) % slots;
    while (rd_kafka_produce(topics[slot % plan->topics], (int32_t)(slot / plan->topics),
                            RD_KAFKA_MSG_F_COPY, payload, (size_t)plan->size, NULL, 0, NULL) == -1) {
      rd_kafka_poll(client, 5);
    }
    if ((i & 1023) == 0) rd_kafka_poll(client, 0);
  }
  while (rd_kafka_outq_len(client) > 0) rd_kafka_poll(client, 50);
  return NULL;
}

static void *consume_share(void *argument) {
  const struct share *share = argument;
  const struct plan *plan = share->plan;
  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  configure(conf, "bootstrap.servers", plan->brokers);
  configure(conf, "check.crcs", "false");
  rd_kafka_t *client = make_client(RD_KAFKA_CONSUMER, conf);
  rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
  rd_kafka_topic_t **topics = topic_handles(client, plan);
  for (long slot = share->index; slot < plan->topics * plan->partitions; slot += plan->consumers) {
    rd_kafka_consume_start_queue(topics[slot % plan->topics], (int32_t)(slot / plan->topics),
                                 RD_KAFKA_OFFSET_BEGINNING, queue);
  }
  long wanted = plan->count / plan->producers * plan->producers;
  rd_kafka_message_t **batch = malloc(sizeof *batch * BATCH);
  while (received < wanted) {
    ssize_t got = rd_kafka_consume_batch_queue(queue, 100, batch, BATCH);
    for (ssize_t i = 0; i < got; i++) {
      if (!batch[i]->err) received++;
      rd_kafka_message_destroy(batch[i]);
    }
  }
  return NULL;
}

int run_mixed(int argc, char **argv) {
  struct plan plan = {
      .brokers = option(argc, argv, "brokers", "127.0.0.1:9092"),
      .topic = option(argc, argv, "topic", "bench"),
      .acks = option(argc, argv, "acks", "1"),
      .topics = number_option(argc, argv, "topics", 64),
      .partitions = number_option(argc, argv, "partitions", 16),
      .count = number_option(argc, argv, "count", 1000000),
      .size = number_option(argc, argv, "size", 1000),
      .producers = number_option(argc, argv, "producers", 4),
      .consumers = number_option(argc, argv, "consumers", 4),
  };
  pthread_t threads[64];
  struct share shares[64];
  if (plan.producers + plan.consumers > 64) return 2;
  double began = monotonic_seconds(), cpu = cpu_seconds();
  for (long i = 0; i < plan.consumers + plan.producers; i++) {
    int consumer = i < plan.consumers;
    shares[i] = (struct share){&plan, consumer ? i : i - plan.consumers};
    pthread_create(&threads[i], NULL, consumer ? consume_share : produce_share, &shares[i]);
  }
  for (long i = 0; i < plan.consumers + plan.producers; i++) pthread_join(threads[i], NULL);
  printf("{\"records\":%ld,\"refused\":%ld,\"seconds\":%.4f,\"clientCpuSeconds\":%.3f}\n",
         (long)received, (long)refused, monotonic_seconds() - began, cpu_seconds() - cpu);
  return refused ? 1 : 0;
}
