export {
  after,
  clientOf,
  type HeaderList,
  insertClient,
  type KnownClient,
  openClient,
  renewClientSecret,
} from "./browser.ts";
export { clientJson } from "./client_json.ts";
