export { type PlainArgs, type PlainFunction, PlainLanes, type PlainLanesParts } from "./plain_lanes.ts";
