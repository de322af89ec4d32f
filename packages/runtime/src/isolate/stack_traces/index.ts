export { type ErrorDescription, type Frame, realmFileName } from "./frame.ts";
export { formatFrames, modulePath, type SourceMaps, sourceMapsOf } from "./source_maps.ts";
export { mapStack, uncaughtResult, uncaughtText } from "./uncaught.ts";
