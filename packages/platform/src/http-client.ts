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

/** Asks for what is given against a form, as identity providers want it. */
export interface HttpPoster {
  /**
   * The body of an answer with status 200, as text; redirects are not followed.
   * @throws NetworkError as `getText`; its message names the address, never the form.
   */
  postForm(url: string, form: HttpForm, limits: HttpLimits): Promise<string>;
}

/** What is sent. Both are secrets: never log them. */
export interface HttpForm {
  /** Encoded as `application/x-www-form-urlencoded`. */
  readonly body: string;
  /** The header of this name. */
  readonly authorization: string | undefined;
}
