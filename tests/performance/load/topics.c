/* Creates or deletes TOPIC, or TOPIC-0 … TOPIC-(topics - 1) when --topics is given. */
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void topic_name(char *name, size_t size, const char *base, long topics, long index) {
  if (topics > 0) snprintf(name, size, "%s-%ld", base, index);
  else snprintf(name, size, "%s", base);
}

static long failures(const rd_kafka_topic_result_t **results, size_t count) {
  long failed = 0;
  for (size_t i = 0; i < count; i++) {
    if (!rd_kafka_topic_result_error(results[i])) continue;
    failed++;
    fprintf(stderr, "%s: %s\n", rd_kafka_topic_result_name(results[i]),
            rd_kafka_topic_result_error_string(results[i]));
  }
  return failed;
}

static long await_results(rd_kafka_queue_t *queue, int creating) {
  rd_kafka_event_t *event = rd_kafka_queue_poll(queue, 60000);
  if (!event) return 1;
  size_t count = 0;
  long failed = rd_kafka_event_error(event) ? 1 : 0;
  if (failed) fprintf(stderr, "%s\n", rd_kafka_event_error_string(event));
  else if (creating) {
    const rd_kafka_CreateTopics_result_t *result = rd_kafka_event_CreateTopics_result(event);
    failed = failures(rd_kafka_CreateTopics_result_topics(result, &count), count);
  } else {
    const rd_kafka_DeleteTopics_result_t *result = rd_kafka_event_DeleteTopics_result(event);
    failed = failures(rd_kafka_DeleteTopics_result_topics(result, &count), count);
  }
  rd_kafka_event_destroy(event);
  return failed;
}

static rd_kafka_NewTopic_t *new_topic(const char *name, int argc, char **argv) {
  char reason[256];
  int partitions = (int)number_option(argc, argv, "partitions", 1);
  rd_kafka_NewTopic_t *topic = rd_kafka_NewTopic_new(name, partitions, 1, reason, sizeof reason);
  for (int i = 2; i + 1 < argc; i++) {
    if (strcmp(argv[i], "--config")) continue;
    char *pair = strdup(argv[i + 1]), *value = strchr(pair, '=');
    if (!value) continue;
    *value++ = 0;
    rd_kafka_NewTopic_set_config(topic, pair, value);
  }
  return topic;
}

int run_topics(int argc, char **argv) {
  int creating = !strcmp(argv[1], "create");
  const char *base = option(argc, argv, "topic", "bench");
  long topics = number_option(argc, argv, "topics", 0), count = topics > 0 ? topics : 1;
  rd_kafka_conf_t *conf = connection_configuration(argc, argv);
  rd_kafka_t *client = make_client(RD_KAFKA_PRODUCER, conf);
  rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
  rd_kafka_NewTopic_t **created = calloc((size_t)count, sizeof *created);
  rd_kafka_DeleteTopic_t **deleted = calloc((size_t)count, sizeof *deleted);
  for (long i = 0; i < count; i++) {
    char name[256];
    topic_name(name, sizeof name, base, topics, i);
    if (creating) created[i] = new_topic(name, argc, argv);
    else deleted[i] = rd_kafka_DeleteTopic_new(name);
  }
  if (creating) rd_kafka_CreateTopics(client, created, (size_t)count, NULL, queue);
  else rd_kafka_DeleteTopics(client, deleted, (size_t)count, NULL, queue);
  long failed = await_results(queue, creating);
  printf("{\"topics\":%ld,\"refused\":%ld}\n", count, failed);
  return failed ? 1 : 0;
}
