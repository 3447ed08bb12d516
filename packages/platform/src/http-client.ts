/** Asks other machines over HTTP, for the little that a broker has to ask for. */
export interface HttpClient {
  /**
   * The body of an answer with status 200, as text. Redirects are not followed: an address that was
   * allowed must not lead to one that was not.
   * @throws NetworkError with the system's code, or HTTP_STATUS, HTTP_TOO_LARGE, ETIMEDOUT.
   */
  getText(url: string, limits: HttpLimits): Promise<string>;
}

/** What an answer may cost. */
export interface HttpLimits {
  readonly timeoutMs: number;
  readonly bytesMax: number;
}
