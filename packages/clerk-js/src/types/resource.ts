/** What every resource of the Frontend API can do. */
export interface ClerkResource {
  readonly id?: string;
  /** Fetches the resource anew. @throws ClerkAPIResponseError */
  reload(): Promise<this>;
}

/** What is left of a resource that was deleted. */
export interface DeletedObjectResource {
  object: string;
  id?: string;
  deleted: boolean;
}
