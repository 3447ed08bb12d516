import { ApiVersions, errorCodes, type RequestOf, type ResponseInput } from "@millrace/protocol";

import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * ApiVersions (key 18), versions 0-4: which requests this listener answers, in which versions.
 * - A version that is not served is answered in version 0 with UNSUPPORTED_VERSION and the range
 *   (the dispatcher does that), so that a newer client can begin again.
 * - v3: software name and version must be names, else INVALID_REQUEST; features.
 * - v4: features whose lowest level is 0 are shown (KAFKA-17011).
 */
export function apiVersionsHandler(
  advertised: () => readonly AdvertisedApi[],
): Handler<typeof ApiVersions> {
  return {
    api: ApiVersions,
    versions: "0-4",
    handle: (request, context) => answer(request, context, advertised()),
  };
}

/** An API key as it is shown to clients. */
export interface AdvertisedApi {
  readonly apiKey: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}

const softwarePattern = /^[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?$/;

function isValidSoftware(request: RequestOf<typeof ApiVersions>): boolean {
  return (
    softwarePattern.test(request.clientSoftwareName) &&
    softwarePattern.test(request.clientSoftwareVersion)
  );
}

function answer(
  request: RequestOf<typeof ApiVersions>,
  context: RequestContext,
  apiKeys: readonly AdvertisedApi[],
): ResponseInput<typeof ApiVersions> {
  if (context.apiVersion >= 3 && !isValidSoftware(request)) {
    return { errorCode: errorCodes.INVALID_REQUEST, apiKeys: [] };
  }
  if (context.apiVersion >= 3) {
    const { clientSoftwareName: name, clientSoftwareVersion: version } = request;
    context.connection.software = { name, version };
  }
  const { features, provenance } = context.image;
  const finalized = [["metadata.version", features.metadataVersion] as const, ...features.levels];
  return {
    errorCode: errorCodes.NONE,
    apiKeys,
    supportedFeatures: supportedFeatures(context),
    finalizedFeaturesEpoch: provenance.lastContainedOffset,
    finalizedFeatures: finalized
      .filter(([, level]) => level > 0)
      .map(([name, level]) => ({ name, maxVersionLevel: level, minVersionLevel: level })),
  };
}

/** v0-3 cannot carry a feature whose lowest level is 0: it is left out there (KAFKA-17011). */
function supportedFeatures(
  context: RequestContext,
): readonly { readonly name: string; readonly minVersion: number; readonly maxVersion: number }[] {
  const own = context.image.brokers.get(context.services.brokerId);
  return (own?.features ?? [])
    .filter((feature) => context.apiVersion >= 4 || feature.minSupportedVersion > 0)
    .map((feature) => ({
      name: feature.name,
      minVersion: feature.minSupportedVersion,
      maxVersion: feature.maxSupportedVersion,
    }));
}
