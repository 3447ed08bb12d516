/*
 * The foreign client of the kill tests, on librdkafka.
 *
 *   load produce BOOTSTRAP TOPIC FIRST PER_SECOND   an idempotent producer with acks=all. Writes records FIRST,
 *       FIRST+1, … until its input ends, then waits for what is under way. Prints one line for each answer:
 *       "a NUMBER PARTITION OFFSET" acknowledged, "f NUMBER REASON" given up.
 *   load consume BOOTSTRAP TOPIC                    prints "r NUMBER PARTITION OFFSET" for each record of all
 *       partitions from their start to their end, "x NUMBER PARTITION OFFSET" for one with other bytes.
 *
 * A record's key is its number; its value follows from the number, so that a changed byte shows.
 */
#include <librdkafka/rdkafka.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define VALUE_SIZE_MAX 1500
#define FLUSH_MS_MAX 120000

static uint64_t mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

/* Writes the value of a record; returns its size. */
static size_t make_value(uint64_t number, unsigned char *value) {
  uint64_t state = mix(number);
  size_t size = 8 + state % (VALUE_SIZE_MAX - 8);
  if (state % 4) size = 8 + size % 120; /* Most records are small. */
  for (size_t i = 0; i < size; i++) {
    if (i % 8 == 0) state = mix(state);
    value[i] = (unsigned char)(state >> (i % 8 * 8));
  }
  return size;
}

static void configure(rd_kafka_conf_t *conf, const char *key, const char *value) {
  char reason[256];
  if (rd_kafka_conf_set(conf, key, value, reason, sizeof reason) == RD_KAFKA_CONF_OK) return;
  fprintf(stderr, "%s=%s: %s\n", key, value, reason);
  exit(2);
}

static rd_kafka_t *make_client(rd_kafka_type_t type, rd_kafka_conf_t *conf) {
  char reason[256];
  rd_kafka_t *client = rd_kafka_new(type, conf, reason, sizeof reason);
  if (client) return client;
  fprintf(stderr, "%s\n", reason);
  exit(2);
}

static void on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque) {
  (void)client;
  (void)opaque;
  uint64_t number;
  memcpy(&number, message->key, sizeof number);
  if (message->err) {
    printf("f %llu %s\n", (unsigned long long)number, rd_kafka_err2name(message->err));
  } else {
    printf("a %llu %d %lld\n", (unsigned long long)number, message->partition, (long long)message->offset);
  }
}

static int has_input_ended(void) {
  struct pollfd input = {.fd = 0, .events = POLLIN};
  return poll(&input, 1, 0) > 0;
}

static double now_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int produce(const char *bootstrap, const char *topic, uint64_t first, double per_second) {
  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  configure(conf, "bootstrap.servers", bootstrap);
  configure(conf, "enable.idempotence", "true");
  configure(conf, "acks", "all");
  configure(conf, "linger.ms", "2");
  configure(conf, "message.timeout.ms", "0"); /* Kills must not become given-up records. */
  configure(conf, "reconnect.backoff.ms", "20");
  configure(conf, "reconnect.backoff.max.ms", "200");
  configure(conf, "retry.backoff.ms", "20");
  configure(conf, "topic.metadata.refresh.interval.ms", "1000");
  configure(conf, "queue.buffering.max.messages", "20000");
  configure(conf, "log_level", "2");
  rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
  rd_kafka_t *client = make_client(RD_KAFKA_PRODUCER, conf);
  unsigned char value[VALUE_SIZE_MAX];
  uint64_t number = first;
  double start = now_seconds();
  while (!has_input_ended()) {
    rd_kafka_poll(client, 0);
    uint64_t due = (uint64_t)((now_seconds() - start) * per_second);
    for (int burst = 0; burst < 200 && number - first < due; burst++) {
      size_t size = make_value(number, value);
      rd_kafka_resp_err_t error =
          rd_kafka_producev(client, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_KEY(&number, sizeof number),
                            RD_KAFKA_V_VALUE(value, size), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
      if (error == RD_KAFKA_RESP_ERR__QUEUE_FULL) break;
      if (error) {
        fprintf(stderr, "%s\n", rd_kafka_err2name(error));
        return 2;
      }
      number++;
    }
    char reason[256];
    if (rd_kafka_fatal_error(client, reason, sizeof reason)) {
      printf("f 0 FATAL %s\n", reason);
      break;
    }
    fflush(stdout);
    usleep(2000);
  }
  rd_kafka_flush(client, FLUSH_MS_MAX);
  int left = rd_kafka_outq_len(client);
  printf("e %llu %d\n", (unsigned long long)number, left);
  fflush(stdout);
  rd_kafka_destroy(client);
  return left > 0;
}

static int partition_count(rd_kafka_t *client, rd_kafka_topic_t *topic) {
  for (int tries = 0; tries < 50; tries++) {
    const struct rd_kafka_metadata *metadata;
    if (rd_kafka_metadata(client, 0, topic, &metadata, 10000) == RD_KAFKA_RESP_ERR_NO_ERROR) {
      int count = metadata->topics[0].partition_cnt;
      rd_kafka_metadata_destroy(metadata);
      if (count > 0) return count;
    }
    usleep(100000);
  }
  fprintf(stderr, "the topic has no partitions\n");
  exit(2);
}

static void print_record(const rd_kafka_message_t *message) {
  uint64_t number = 0;
  unsigned char value[VALUE_SIZE_MAX];
  int is_good = message->key_len == sizeof number;
  if (is_good) {
    memcpy(&number, message->key, sizeof number);
    size_t size = make_value(number, value);
    is_good = size == message->len && memcmp(value, message->payload, size) == 0;
  }
  printf("%c %llu %d %lld\n", is_good ? 'r' : 'x', (unsigned long long)number, message->partition,
         (long long)message->offset);
}

static int consume(const char *bootstrap, const char *topic_name) {
  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  configure(conf, "bootstrap.servers", bootstrap);
  configure(conf, "enable.partition.eof", "true");
  configure(conf, "check.crcs", "true");
  rd_kafka_t *client = make_client(RD_KAFKA_CONSUMER, conf);
  rd_kafka_topic_t *topic = rd_kafka_topic_new(client, topic_name, NULL);
  rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
  int left = partition_count(client, topic);
  for (int partition = 0; partition < left; partition++) {
    rd_kafka_consume_start_queue(topic, partition, RD_KAFKA_OFFSET_BEGINNING, queue);
  }
  while (left > 0) {
    rd_kafka_message_t *message = rd_kafka_consume_queue(queue, 30000);
    if (!message) {
      fprintf(stderr, "no answer for 30 s\n");
      return 2;
    }
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      left--;
    } else if (message->err) {
      fprintf(stderr, "%s\n", rd_kafka_message_errstr(message));
      return 2;
    } else {
      print_record(message);
    }
    rd_kafka_message_destroy(message);
  }
  fflush(stdout);
  return 0;
}

int main(int argc, char **argv) {
  if (argc == 6 && !strcmp(argv[1], "produce")) {
    return produce(argv[2], argv[3], strtoull(argv[4], NULL, 10), atof(argv[5]));
  }
  if (argc == 4 && !strcmp(argv[1], "consume")) return consume(argv[2], argv[3]);
  fprintf(stderr, "load produce BOOTSTRAP TOPIC FIRST PER_SECOND | load consume BOOTSTRAP TOPIC\n");
  return 2;
}
