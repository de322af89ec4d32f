export {
  after,
  clientOf,
  type HeaderList,
  type KnownClient,
  openClient,
  renewClientSecret,
} from "./browser.ts";
export { clientJson } from "./client_json.ts";
