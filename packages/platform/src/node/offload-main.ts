import { serveOffloadTasks } from "./offload-worker.ts";

// The entry point of the worker thread when the modules are separate files.
serveOffloadTasks();
