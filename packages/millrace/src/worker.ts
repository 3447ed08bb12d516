import { brokerTasks } from "@millrace/broker/tasks";
import { serveOffloadTasks, type WorkerTask } from "@millrace/platform/node";
import { storageTasks } from "@millrace/storage";

// The worker thread's entry point in the published form. Its input comes through a structured
// clone, so a task is applied to a value whose type only the sender knew.
const tasks = [...storageTasks, ...brokerTasks].map(
  ({ name, inline }): readonly [string, WorkerTask] => [
    name,
    (input, context) => Reflect.apply(inline, undefined, [input, context]) as unknown,
  ],
);
serveOffloadTasks(Object.fromEntries(tasks));
