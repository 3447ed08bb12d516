/* An idempotent producer that goes on through any number of crashes of its broker.
 *   producer BROKER TOPIC PARTITIONS RECORDS_PER_SECOND
 * Sends numbered records round robin over the partitions until its input ends. Writes the number
 * of each record that was acknowledged; a record that was given up is "!NUMBER REASON".
 */
#include <librdkafka/rdkafka.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PAYLOAD_MAX = 400, TICK_MS = 5 };

static char error[512];

static void stop(const char *message) {
  fprintf(stderr, "%s\n", message);
  exit(1);
}

static void set(rd_kafka_conf_t *settings, const char *name, const char *value) {
  if (rd_kafka_conf_set(settings, name, value, error, sizeof error)) stop(error);
}

static void on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque) {
  (void)client, (void)opaque;
  unsigned long number = (unsigned long)(uintptr_t)message->_private;
  if (message->err) printf("!%lu %s\n", number, rd_kafka_err2str(message->err));
  else printf("%lu\n", number);
}

/* NUMBER: and then letters that the number decides, so that a changed byte shows. */
static size_t fill(char *into, unsigned long number) {
  size_t size = (size_t)sprintf(into, "%lu:", number);
  size_t end = size + number * 2654435761UL % (PAYLOAD_MAX - 40);
  for (; size < end; size++) into[size] = (char)('a' + (number + size) % 26);
  return size;
}

static int input_has_ended(void) {
  struct pollfd input = {.fd = 0, .events = POLLIN};
  char byte;
  return poll(&input, 1, 0) > 0 && read(0, &byte, 1) == 0;
}

int main(int count, char **words) {
  if (count < 5) stop("usage: producer BROKER TOPIC PARTITIONS RECORDS_PER_SECOND");
  int partitions = atoi(words[3]);
  int records_per_tick = atoi(words[4]) * TICK_MS / 1000 + 1;
  rd_kafka_conf_t *settings = rd_kafka_conf_new();
  set(settings, "bootstrap.servers", words[1]);
  set(settings, "acks", "all");
  set(settings, "enable.idempotence", "true");
  set(settings, "linger.ms", "2");
  set(settings, "message.timeout.ms", "0");
  set(settings, "reconnect.backoff.ms", "20");
  set(settings, "reconnect.backoff.max.ms", "100");
  set(settings, "retry.backoff.ms", "20");
  set(settings, "log_level", "0");
  rd_kafka_conf_set_dr_msg_cb(settings, on_delivery);
  rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, settings, error, sizeof error);
  if (!client) stop(error);
  setvbuf(stdout, NULL, _IOLBF, 0);
  unsigned long number = 0;
  while (!input_has_ended()) {
    for (int sent = 0; sent < records_per_tick; sent++) {
      static char value[PAYLOAD_MAX];
      size_t size = fill(value, number);
      rd_kafka_resp_err_t refused = rd_kafka_producev(
          client, RD_KAFKA_V_TOPIC(words[2]), RD_KAFKA_V_PARTITION((int)(number % (unsigned long)partitions)),
          RD_KAFKA_V_VALUE(value, size), RD_KAFKA_V_OPAQUE((void *)(uintptr_t)number),
          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
      if (refused == RD_KAFKA_RESP_ERR__QUEUE_FULL) break;
      if (refused) stop(rd_kafka_err2str(refused));
      number++;
    }
    rd_kafka_poll(client, TICK_MS);
  }
  if (rd_kafka_flush(client, 60000)) stop("records are still waiting after 60 s");
  fprintf(stderr, "%lu", number);
  return 0;
}
