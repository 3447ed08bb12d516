/* Delivery and end-to-end latency at a fixed rate, counted from when a record was due, so that a
 * stall is charged to every record that waited behind it. No thread spins: on the one core that all
 * of them share, a spinning thread holds up the others for a scheduler's tick, which would be
 * measured as the broker's. */
#include "load.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

static long expected, refused, arrived;
static volatile long delivered;
static double *delivery_ms, *arrival_ms;
static volatile int reader_ready;

static void on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque) {
  (void)client;
  (void)opaque;
  double due;
  memcpy(&due, message->payload, sizeof due);
  delivery_ms[delivered++] = (monotonic_seconds() - due) * 1e3;
  if (message->err && !refused++) {
    fprintf(stderr, "not delivered: %s\n", rd_kafka_err2str(message->err));
  }
}

struct target {
  const char *brokers, *topic;
};

static void *read_tail(void *argument) {
  struct target *target = argument;
  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  configure(conf, "bootstrap.servers", target->brokers);
  configure(conf, "enable.partition.eof", "true");
  rd_kafka_t *client = make_client(RD_KAFKA_CONSUMER, conf);
  rd_kafka_topic_t *topic = rd_kafka_topic_new(client, target->topic, NULL);
  rd_kafka_consume_start(topic, 0, RD_KAFKA_OFFSET_END);
  int idle = 0;
  while (arrived < expected && idle < 10) {
    rd_kafka_message_t *message = rd_kafka_consume(topic, 0, 1000);
    if (!message) {
      if (delivered >= expected) idle++;
      continue;
    }
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) reader_ready = 1;
    if (!message->err) {
      double due;
      memcpy(&due, message->payload, sizeof due);
      arrival_ms[arrived++] = (monotonic_seconds() - due) * 1e3;
    }
    rd_kafka_message_destroy(message);
  }
  return NULL;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Serves delivery reports as they come. */
static void *poll_deliveries(void *client) {
  while (delivered < expected) rd_kafka_poll(client, 100);
  return NULL;
}

/* Sleeps until a second of the monotonic clock. */
static void sleep_until(double seconds) {
  struct timespec due = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
}

static void print_percentiles(const char *name, double *values, long count) {
  qsort(values, (size_t)count, sizeof *values, ascending);
  const double shares[] = {0.5, 0.99, 0.999, 1};
  const char *names[] = {"p50", "p99", "p999", "max"};
  printf("\"%s\":{", name);
  for (int i = 0; i < 4; i++) {
    long at = (long)((double)count * shares[i]);
    double value = count ? values[at < count ? at : count - 1] : -1;
    printf("%s\"%s\":%.3f", i ? "," : "", names[i], value);
  }
  printf("}");
}

int run_latency(int argc, char **argv) {
  double rate = (double)number_option(argc, argv, "rate", 1000);
  long size = number_option(argc, argv, "size", 100);
  struct target target = {option(argc, argv, "brokers", "127.0.0.1:9092"),
                          option(argc, argv, "topic", "bench")};
  expected = (long)(rate * (double)number_option(argc, argv, "seconds", 10));
  delivery_ms = calloc((size_t)expected, sizeof *delivery_ms);
  arrival_ms = calloc((size_t)expected, sizeof *arrival_ms);
  pthread_t reader;
  pthread_create(&reader, NULL, read_tail, &target);
  while (!reader_ready) usleep(1000);

  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  configure(conf, "bootstrap.servers", target.brokers);
  configure(conf, "linger.ms", "0");
  configure(conf, "acks", option(argc, argv, "acks", "all"));
  rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
  rd_kafka_t *client = make_client(RD_KAFKA_PRODUCER, conf);
  rd_kafka_topic_t *topic = rd_kafka_topic_new(client, target.topic, NULL);
  char *payload = letters(size < 8 ? 8 : size);

  pthread_t poller;
  pthread_create(&poller, NULL, poll_deliveries, client);
  prctl(PR_SET_TIMERSLACK, 1);

  double began = monotonic_seconds(), cpu = cpu_seconds();
  for (long i = 0; i < expected; i++) {
    double due = began + (double)i / rate;
    sleep_until(due);
    memcpy(payload, &due, sizeof due);
    while (rd_kafka_produce(topic, 0, RD_KAFKA_MSG_F_COPY, payload, (size_t)size, NULL, 0, NULL) == -1) {
      usleep(1000);
    }
  }
  pthread_join(poller, NULL);
  pthread_join(reader, NULL);
  printf("{\"records\":%ld,\"refused\":%ld,\"arrived\":%ld,\"seconds\":%.4f,", expected, refused,
         arrived, monotonic_seconds() - began);
  print_percentiles("deliveryMs", delivery_ms, delivered);
  printf(",");
  print_percentiles("endToEndMs", arrival_ms, arrived);
  printf(",\"clientCpuSeconds\":%.3f}\n", cpu_seconds() - cpu);
  return refused || arrived < expected;
}
