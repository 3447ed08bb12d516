/* Throughput of reading COUNT records of partition 0: from the beginning, or of what comes after the start. */
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 10000 };

int run_consume(int argc, char **argv) {
  long count = number_option(argc, argv, "count", 100000), got = 0;
  long limit = number_option(argc, argv, "time-limit", 300);
  int at_tail = !strcmp(option(argc, argv, "from", "beginning"), "end");
  rd_kafka_conf_t *conf = connection_configuration(argc, argv);
  configure(conf, "check.crcs", "false");
  configure(conf, "queued.min.messages", option(argc, argv, "queue-records", "200000"));
  configure(conf, "queued.max.messages.kbytes", "200000");
  configure(conf, "fetch.message.max.bytes", option(argc, argv, "fetch-bytes", "1048576"));
  configure(conf, "enable.partition.eof", "true");
  rd_kafka_t *client = make_client(RD_KAFKA_CONSUMER, conf);
  rd_kafka_topic_t *topic = rd_kafka_topic_new(client, option(argc, argv, "topic", "bench"), NULL);
  rd_kafka_consume_start(topic, 0, at_tail ? RD_KAFKA_OFFSET_END : RD_KAFKA_OFFSET_BEGINNING);
  rd_kafka_message_t **batch = malloc(sizeof *batch * BATCH);

  double waiting = monotonic_seconds(), began = at_tail ? 0 : waiting, cpu = cpu_seconds();
  while (got < count) {
    ssize_t received = rd_kafka_consume_batch(topic, 0, 1000, batch, BATCH);
    for (ssize_t i = 0; i < received; i++) {
      if (!batch[i]->err) got++;
      if (at_tail && !began && batch[i]->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        /* The end is reached: whoever started this process may produce now. */
        printf("ready\n");
        fflush(stdout);
      }
      rd_kafka_message_destroy(batch[i]);
    }
    if (!began && got) began = monotonic_seconds();
    if (monotonic_seconds() - waiting > (double)limit) {
      fprintf(stderr, "only %ld of %ld records came in %ld s\n", got, count, limit);
      return 1;
    }
  }
  double seconds = monotonic_seconds() - began;
  printf("{\"records\":%ld,\"refused\":0,\"seconds\":%.4f,\"clientCpuSeconds\":%.3f}\n", got,
         seconds, cpu_seconds() - cpu);
  return 0;
}
