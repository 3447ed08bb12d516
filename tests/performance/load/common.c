#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

double monotonic_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

double cpu_seconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

void configure(rd_kafka_conf_t *conf, const char *key, const char *value) {
  char reason[256];
  if (rd_kafka_conf_set(conf, key, value, reason, sizeof reason) == RD_KAFKA_CONF_OK) return;
  fprintf(stderr, "%s=%s: %s\n", key, value, reason);
  exit(2);
}

rd_kafka_conf_t *connection_configuration(int argc, char **argv) {
  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  configure(conf, "bootstrap.servers", option(argc, argv, "brokers", "127.0.0.1:9092"));
  const char *certificate = option(argc, argv, "trusted-certificate", NULL);
  if (certificate) {
    configure(conf, "security.protocol", "ssl");
    configure(conf, "ssl.ca.location", certificate);
  }
  return conf;
}

rd_kafka_t *make_client(rd_kafka_type_t type, rd_kafka_conf_t *conf) {
  char reason[256];
  rd_kafka_t *client = rd_kafka_new(type, conf, reason, sizeof reason);
  if (client) return client;
  fprintf(stderr, "%s\n", reason);
  exit(2);
}

const char *option(int argc, char **argv, const char *name, const char *fallback) {
  for (int i = 2; i + 1 < argc; i++) {
    if (!strncmp(argv[i], "--", 2) && !strcmp(argv[i] + 2, name)) return argv[i + 1];
  }
  return fallback;
}

long number_option(int argc, char **argv, const char *name, long fallback) {
  const char *text = option(argc, argv, name, NULL);
  return text ? atol(text) : fallback;
}

char *letters(long size) {
  char *text = malloc((size_t)size);
  unsigned state = 12345;
  for (long i = 0; i < size; i++) {
    state = state * 1103515245u + 12345u;
    text[i] = (char)('a' + (state >> 16) % 26);
  }
  return text;
}
