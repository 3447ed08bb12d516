/* A load client on librdkafka, so that the client of a measurement is not ours.
 * Build:  gcc -O2 -o load *.c -lrdkafka -lpthread
 * Use:    load create|delete|produce|consume|latency|mixed --brokers HOST:PORT --topic NAME [--OPTION VALUE]...
 * The last line of output is one JSON object. */
#include "load.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
  const char *command = argc > 1 ? argv[1] : "";
  if (!strcmp(command, "produce")) return run_produce(argc, argv);
  if (!strcmp(command, "consume")) return run_consume(argc, argv);
  if (!strcmp(command, "latency")) return run_latency(argc, argv);
  if (!strcmp(command, "mixed")) return run_mixed(argc, argv);
  if (!strcmp(command, "create") || !strcmp(command, "delete")) return run_topics(argc, argv);
  fprintf(stderr, "usage: load create|delete|produce|consume|latency|mixed --brokers HOST:PORT --topic NAME …\n");
  return 2;
}
