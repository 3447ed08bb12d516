export { renderConfigurationPage } from "./config/configuration-page.ts";
export { serve, startBroker } from "./main.ts";
export type { EmbeddedBroker, ServeOptions, StartBrokerOptions } from "./main.ts";
