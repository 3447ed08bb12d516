// `node --import` of this file gives a program our facade where it requires kafkajs.
import { registerHooks } from "node:module";

registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier === "kafkajs" ? "@millrace/client/kafkajs" : specifier, context),
});
