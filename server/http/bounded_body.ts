import { HttpError } from "../errors/http_error.ts";

/** Returns a stream that fails once it is longer than `maxBytes`. */
export function bounded(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
): ReadableStream<Uint8Array> {
  let length = 0;
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        length += chunk.length;
        if (length > maxBytes) {
          throw new HttpError(
            413,
            "payload_too_large",
            `Cannot read the request's body: the body is larger than ${maxBytes} bytes`,
          );
        }
        controller.enqueue(chunk);
      },
    }),
  );
}
