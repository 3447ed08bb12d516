import { replaceProcess } from "./replace-process.ts";

replaceProcess();
const { runProcess } = await import("./run-process.ts");
// The published form: modules have no files of their own, so the worker has an entry point here.
await runProcess({ offloadWorkerUrl: new URL("./worker.js", import.meta.url) });
