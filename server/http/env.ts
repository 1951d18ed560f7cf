/** The values that middleware leaves for the handlers of a request. */
export interface ServerEnv {
  Variables: {
    /** Names the request in answers and logs. */
    requestId: string;
  };
}
