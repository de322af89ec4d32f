import type { GenericId } from "@tandem/values";

/** The form of storage ids that early apps stored: a bare string. */
export type StorageId = string;

/** The id of a stored file. */
export type FileStorageId = GenericId<"_storage"> | StorageId;

/** What is known of a stored file. */
export type FileMetadata = {
  storageId: StorageId;
  /** SHA-256 of the content, in hex. */
  sha256: string;
  /** Bytes. */
  size: number;
  contentType: string | null;
};

// biome-ignore lint/suspicious/noExplicitAny: the name of the table does not matter, only that there is one.
type NotAnId<T extends StorageId> = T extends { __tableName: any } ? never : T;

/** `ctx.storage` of queries. A bare string is taken as an id of old, an id of another table is refused. */
export interface StorageReader {
  /** Where the file can be fetched, `null` when it is gone. */
  getUrl(storageId: GenericId<"_storage">): Promise<string | null>;
  getUrl<T extends StorageId>(storageId: NotAnId<T>): Promise<string | null>;
  /** @deprecated Read the document: `ctx.db.system.get(storageId)`. */
  getMetadata(storageId: GenericId<"_storage">): Promise<FileMetadata | null>;
  /** @deprecated Read the document: `ctx.db.system.get(storageId)`. */
  getMetadata<T extends StorageId>(storageId: NotAnId<T>): Promise<FileMetadata | null>;
}

/** `ctx.storage` of mutations. */
export interface StorageWriter extends StorageReader {
  /** An address to `POST` one file to; the answer holds its storage id. It expires soon. */
  generateUploadUrl(): Promise<string>;
  /** Deletes a file. @throws when it is not there. */
  delete(storageId: GenericId<"_storage">): Promise<void>;
  delete<T extends StorageId>(storageId: NotAnId<T>): Promise<void>;
  /** The content of a file, `null` when it is gone. */
  get(storageId: GenericId<"_storage">): Promise<Blob | null>;
  get<T extends StorageId>(storageId: NotAnId<T>): Promise<Blob | null>;
  /** Stores content; with `sha256` (base64 or hex) the host checks that it arrived whole. */
  store(blob: Blob, options?: { sha256?: string }): Promise<GenericId<"_storage">>;
}

/** `ctx.storage` of actions and HTTP actions. */
export interface StorageActionWriter extends StorageWriter {}
