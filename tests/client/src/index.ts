export type { ClientBroker, OwnBroker } from "./client-broker.ts";
export {
  eachBroker,
  type EachBrokerOptions,
  type OwnBrokerOptions,
  uniqueName,
} from "./each-broker.ts";
export type { ApiName } from "./needs.ts";
