import { promisify } from "node:util";
import { brotliDecompress, gunzip } from "node:zlib";
import { ApiError } from "@tandem/protocol";
import type { z } from "zod";
import { readBody } from "../http/errors.ts";

const unbrotli = promisify(brotliDecompress);
const ungzip = promisify(gunzip);

/**
 * Reads a request's JSON body, compressed with brotli or gzip or not at all, and checks its shape. `limit` bounds
 * the bytes both before and after decompression. Throws `BadJsonBody` or `RequestTooLarge`.
 */
export async function readRequest<T>(request: Request, shape: z.ZodType<T>, limit: number): Promise<T> {
  const type = request.headers.get("content-type") ?? "";
  if (type.split(";")[0]!.trim().toLowerCase() !== "application/json") {
    throw new ApiError("BadRequest", "BadJsonBody", "Expected request with `Content-Type: application/json`");
  }
  const body = await decompress(
    await readBody(request, limit),
    request.headers.get("content-encoding"),
    limit,
  );
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(body));
  } catch (error) {
    throw new ApiError(
      "BadRequest",
      "BadJsonBody",
      `The request's body is not JSON: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
  const parsed = shape.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "the body" : `\`${issue.path.join(".")}\``;
  throw new ApiError(
    "BadRequest",
    "BadJsonBody",
    `Invalid request: ${where}: ${issue?.message ?? "unknown fault"}`,
  );
}

async function decompress(body: Uint8Array, encoding: string | null, limit: number): Promise<Uint8Array> {
  try {
    switch (encoding?.trim().toLowerCase() ?? "identity") {
      case "":
      case "identity":
        return body;
      case "br":
        return await unbrotli(body, { maxOutputLength: limit });
      case "gzip":
      case "x-gzip":
        return await ungzip(body, { maxOutputLength: limit });
    }
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE") {
      throw new ApiError(
        "BadRequest",
        "RequestTooLarge",
        `The request's body is larger than the limit of ${limit} bytes once it is decompressed (TANDEM_PUSH_BODY).`,
        { cause: error },
      );
    }
    throw new ApiError("BadRequest", "BadJsonBody", `The request's body is not valid ${encoding} data.`, {
      cause: error,
    });
  }
  throw new ApiError(
    "BadRequest",
    "BadJsonBody",
    `Content-Encoding "${encoding}" is not known here: use br, gzip or none.`,
  );
}
