import { decodeBase64, encodeBase64 } from "@tandem/values";
import type { FileMetadata } from "../storage.ts";
import { requireArgument } from "./check_argument.ts";
import { asyncSyscall, jsSyscall } from "./syscall.ts";
import { abiVersion } from "./version.ts";

type StoreOptions = { sha256?: string };

function call(op: string, requestId: string, rest?: object): Promise<unknown> {
  return asyncSyscall(op, { requestId, version: abiVersion, ...rest });
}

/** `ctx.storage` of queries (R §1.5). */
export function storageReader(requestId: string) {
  return {
    async getUrl(storageId: string): Promise<string | null> {
      requireArgument(storageId, 1, "getUrl", "storageId");
      return (await call("1.0/storageGetUrl", requestId, { storageId })) as string | null;
    },
    async getMetadata(storageId: string): Promise<FileMetadata | null> {
      return (await call("1.0/storageGetMetadata", requestId, { storageId })) as FileMetadata | null;
    },
  };
}

/** What mutations and actions share: all but the way content travels. */
function storageWriterWithoutContent(requestId: string) {
  return {
    ...storageReader(requestId),
    async generateUploadUrl(): Promise<string> {
      return (await call("1.0/storageGenerateUploadUrl", requestId)) as string;
    },
    async delete(storageId: string): Promise<void> {
      await call("1.0/storageDelete", requestId, { storageId });
    },
  };
}

/** `ctx.storage` of mutations: content travels as text, within the transaction. */
export function storageWriter(requestId: string) {
  return {
    ...storageWriterWithoutContent(requestId),
    async store(blob: Blob, options?: StoreOptions): Promise<string> {
      if (Object.prototype.toString.call(blob) !== "[object Blob]" && !(blob instanceof Blob)) {
        throw new Error(
          "`storage.store` needs a Blob. The blob of a request or a response is `await request.blob()`.",
        );
      }
      const content = {
        blob: encodeBase64(new Uint8Array(await blob.arrayBuffer())),
        contentType: blob.type,
        sha256: options?.sha256,
      };
      return (await call("1.0/storageStore", requestId, content)) as string;
    },
    async get(storageId: string): Promise<Blob | null> {
      const stored = (await call("1.0/storageGet", requestId, { storageId })) as {
        blob: string;
        contentType: string | null;
      } | null;
      return stored === null
        ? null
        : new Blob([decodeBase64(stored.blob)], { type: stored.contentType ?? "" });
    },
  };
}

/** `ctx.storage` of actions and HTTP actions: content travels as a blob of the isolate. */
export function storageActionWriter(requestId: string) {
  return {
    ...storageWriterWithoutContent(requestId),
    async store(blob: Blob, options?: StoreOptions): Promise<string> {
      return (await jsSyscall("storage/storeBlob", {
        requestId,
        version: abiVersion,
        blob,
        options,
      })) as string;
    },
    async get(storageId: string): Promise<Blob | null> {
      return (await jsSyscall("storage/getBlob", {
        requestId,
        version: abiVersion,
        storageId,
      })) as Blob | null;
    },
  };
}
