export { type Recorder, recorder, until } from "./recorder.ts";
export { type ServerOptions, startEnsemble, startServer, type ZooKeeperServer } from "./server.ts";
