export { startBroker } from "@millrace/broker";
export type { EmbeddedBroker, StartBrokerOptions } from "@millrace/broker";
