export { type StartOptions, start, type Tandem } from "./start.ts";
