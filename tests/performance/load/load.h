/* What the parts of the load client share: a clock, CPU seconds, and librdkafka made shorter. */
#ifndef MILLRACE_LOAD_H
#define MILLRACE_LOAD_H

#include <librdkafka/rdkafka.h>

/* Seconds of a clock that never goes back. */
double monotonic_seconds(void);

/* User and system seconds this process has used. */
double cpu_seconds(void);

/* Sets a key of librdkafka's configuration, or ends the process with what was wrong. */
void configure(rd_kafka_conf_t *conf, const char *key, const char *value);

/* A configuration with the bootstrap servers, TLS when --trusted-certificate names a file. */
rd_kafka_conf_t *connection_configuration(int argc, char **argv);

/* Makes a client, or ends the process with what was wrong. Takes the configuration over. */
rd_kafka_t *make_client(rd_kafka_type_t type, rd_kafka_conf_t *conf);

/* The value of option --NAME among the arguments, or the fallback. */
const char *option(int argc, char **argv, const char *name, const char *fallback);
long number_option(int argc, char **argv, const char *name, long fallback);

/* Random lower-case letters, the same in every run. */
char *letters(long size);

/* The commands. Each prints one line of JSON and gives the process's exit code. */
int run_produce(int argc, char **argv);
int run_consume(int argc, char **argv);
int run_latency(int argc, char **argv);
int run_mixed(int argc, char **argv);
int run_topics(int argc, char **argv);

#endif
