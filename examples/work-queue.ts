/**
 * A work queue: workers of a share group take jobs one by one, as many workers as there is work,
 * whatever the number of partitions. What a worker hands back comes again, here or elsewhere; what
 * can never be done is rejected; a worker that dies loses its lock and the jobs come again.
 */
import { Client, json, notNull } from "@millrace/client";
import { startBroker } from "millrace";

type Job = { id: number; resize: string };

await using broker = await startBroker({ topics: { thumbnails: 1 } });
await using client = new Client({ bootstrap: broker.bootstrap });
await using admin = client.admin();
await admin.incrementalAlterConfigs([
  {
    type: "group",
    name: "resizers",
    // Jobs that were there before the first worker count, too.
    changes: [{ name: "share.auto.offset.reset", op: "set", value: "earliest" }],
  },
]);

await using producer = client.producer({ value: json<Job>() });
const images = ["cat.png", "dog.png", "notes.txt", "bird.png", "fish.png"];
for (const [index, resize] of images.entries()) {
  await producer.send({ topic: "thumbnails", value: { id: index + 1, resize } });
}

const isOver = new AbortController();
const report: string[] = [];
await Promise.all([work(), work(), work()]);
console.log(report.sort().join("\n"));

async function work(): Promise<void> {
  await using worker = client.shareConsumer({
    groupId: "resizers",
    value: notNull(json<Job>()),
    acknowledgement: "explicit",
    acquireMode: "record_limit",
    maxPollRecords: 1,
  });
  worker.subscribe("thumbnails");
  for await (const job of worker.records({ signal: isOver.signal })) {
    const { id, resize } = job.value;
    if (!resize.endsWith(".png")) {
      job.reject();
      report.push(`job ${id}: ${resize} is no picture`);
    } else if (resize === "dog.png" && job.deliveryCount === 1) {
      // Something went wrong that may pass.
      job.release();
    } else {
      job.accept();
      report.push(`job ${id}: ${resize} was resized at attempt ${job.deliveryCount}`);
    }
    if (report.length === images.length) isOver.abort();
  }
}
