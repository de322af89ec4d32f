/**
 * The realm script: what makes a bare V8 context a place where functions run. `build_realm_script.ts` bundles this
 * file into one text; it is evaluated while a snapshot is made, and once more by nobody.
 *
 * It leaves one global, `__tandemRealm`, for the host to take away before any user code runs (`realm_face.ts`).
 */
import { createActionAbi, invokeAction } from "../../actions/abi.ts";
import { createConsole, resetConsole } from "../console/console.ts";
import { describeError, formatStack, rawStack } from "../stack_traces/capture.ts";
import { resetAsyncContext } from "./async_context.ts";
import { askHost, beginMode, connect, pendingOperations, type RealmMode, settle } from "./bridge.ts";
import { setRandomSource } from "./crypto_random.ts";
import { installWebApis } from "./install.ts";
import { network } from "./lazy_groups.ts";
import { beginClock } from "./performance.ts";
import { setEnvironment } from "./process_env.ts";
import type { Realm } from "./realm_face.ts";
import { fireTimer, resetTimers } from "./timers.ts";

installWebApis(globalThis);

const define = (name: string, value: unknown, hidden: boolean) =>
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: !hidden });

define("console", createConsole(), true);
(Error as { prepareStackTrace?: unknown }).prepareStackTrace = formatStack;

const realm: Realm = {
  connect,
  begin(mode: RealmMode, importClock: number) {
    beginMode(mode, importClock);
    beginClock();
    resetConsole();
    resetTimers();
    resetAsyncContext();
  },
  enter(mode: RealmMode, importClock: number) {
    beginMode(mode, importClock);
  },
  setEnvironment,
  setRandomSource,
  askHost,
  settle,
  fireTimer,
  describeError,
  rawStack,
  pendingOperations,
  createActionAbi,
  invokeAction,
  requestFromConvexJson: (json) => network().requestFromConvexJson(json),
  responseToConvexJson: (response) => network().responseToConvexJson(response),
};
define("__tandemRealm", realm, true);
