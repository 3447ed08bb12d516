/* A small librdkafka program for each thing a user does first; see ../src/clients.ts. */
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char error[512];

static void stop(const char *message) {
  fprintf(stderr, "%s\n", message);
  exit(1);
}

static void on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque) {
  (void)client, (void)opaque;
  if (message->err) stop(rd_kafka_err2str(message->err));
}

static rd_kafka_t *start(rd_kafka_type_t type, const char *broker, const char *codec) {
  rd_kafka_conf_t *settings = rd_kafka_conf_new();
  rd_kafka_conf_set(settings, "bootstrap.servers", broker, error, sizeof error);
  rd_kafka_conf_set(settings, "linger.ms", "50", error, sizeof error);
  rd_kafka_conf_set(settings, "enable.idempotence", "true", error, sizeof error);
  if (codec && rd_kafka_conf_set(settings, "compression.type", codec, error, sizeof error)) stop(error);
  if (type == RD_KAFKA_PRODUCER) rd_kafka_conf_set_dr_msg_cb(settings, on_delivery);
  rd_kafka_t *client = rd_kafka_new(type, settings, error, sizeof error);
  if (!client) stop(error);
  return client;
}

static void create(const char *broker, const char *topic, int partitions) {
  rd_kafka_t *client = start(RD_KAFKA_PRODUCER, broker, NULL);
  rd_kafka_NewTopic_t *wanted = rd_kafka_NewTopic_new(topic, partitions, 1, error, sizeof error);
  rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
  rd_kafka_CreateTopics(client, &wanted, 1, NULL, queue);
  rd_kafka_event_t *event = rd_kafka_queue_poll(queue, 30000);
  if (!event || rd_kafka_event_error(event)) stop("CreateTopics was not answered");
  size_t count;
  const rd_kafka_topic_result_t **topics =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
  if (rd_kafka_topic_result_error(topics[0])) stop(rd_kafka_topic_result_error_string(topics[0]));
}

static void produce(const char *broker, const char *topic, const char *codec) {
  rd_kafka_t *client = start(RD_KAFKA_PRODUCER, broker, codec);
  static char line[65536];
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\n")] = 0;
    rd_kafka_producev(client, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_VALUE(line, strlen(line)),
                      RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY | RD_KAFKA_MSG_F_BLOCK), RD_KAFKA_V_END);
    rd_kafka_poll(client, 0);
  }
  if (rd_kafka_flush(client, 60000)) stop("records are still waiting after 60 s");
}

static void consume(const char *broker, const char *topic, int count) {
  rd_kafka_t *client = start(RD_KAFKA_CONSUMER, broker, NULL);
  rd_kafka_topic_t *handle = rd_kafka_topic_new(client, topic, NULL);
  rd_kafka_consume_start(handle, 0, RD_KAFKA_OFFSET_BEGINNING);
  for (int seen = 0; seen < count;) {
    rd_kafka_message_t *message = rd_kafka_consume(handle, 0, 30000);
    if (!message) stop("no record in 30 s");
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) continue;
    if (message->err) stop(rd_kafka_message_errstr(message));
    printf("%.*s\n", (int)message->len, (const char *)message->payload);
    rd_kafka_message_destroy(message);
    seen++;
  }
}

int main(int count, char **words) {
  if (count < 5) stop("usage: librdkafka create|produce|consume BROKER TOPIC ARGUMENT");
  if (!strcmp(words[1], "create")) create(words[2], words[3], atoi(words[4]));
  if (!strcmp(words[1], "produce")) produce(words[2], words[3], words[4]);
  if (!strcmp(words[1], "consume")) consume(words[2], words[3], atoi(words[4]));
  return 0;
}
