/// <reference path="./libraries.d.ts" />
/** URL and URLSearchParams: the specification's own reference implementation, kept by jsdom. */
export { URL, URLSearchParams } from "whatwg-url";
