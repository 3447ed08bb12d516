export { NodeClock } from "./clock.ts";
export { NodeFileSystem, type NodeFileSystemOptions } from "./file-system.ts";
export { createLogWriter, type LogWriterOptions } from "./log-writer.ts";
export { NodeNetwork } from "./network.ts";
export { NodeOffload, type NodeOffloadOptions } from "./offload.ts";
export { serveOffloadTasks, type WorkerTask } from "./offload-worker.ts";
export { type NodePlatformOptions, nodePlatform } from "./platform.ts";
export { registerProcessMetrics } from "./process-metrics.ts";
export { NodeRandom } from "./random.ts";
