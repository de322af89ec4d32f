/** The Web APIs that bodies of messages need: one group, because each needs the others. */
export { Blob, File } from "./blob.ts";
export { fetch } from "./fetch.ts";
export { FormData } from "./form_data.ts";
export { Headers } from "./headers.ts";
export { requestFromConvexJson, responseToConvexJson } from "./http_action.ts";
export { Request } from "./request.ts";
export { Response } from "./response.ts";
