/** The version of this package, which brokers are told (KIP-511). */
export const clientVersion = "0.1.0";
/** The name by which brokers count clients of this library (KIP-511). */
export const clientSoftwareName = "millrace-client";
