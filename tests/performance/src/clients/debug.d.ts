// @platformatic/kafka's types name this package, which has none of its own.
declare module "debug" {
  namespace debug {
    type Debugger = (text: string, ...values: readonly unknown[]) => void;
  }
  function debug(namespace: string): debug.Debugger;
  export default debug;
}
