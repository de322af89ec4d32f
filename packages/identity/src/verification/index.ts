export { countWrongCode, guard, guardOf, noteCodeSent } from "./address_guard.ts";
export { attemptCode, awaitCode, isTestAddress, newCode } from "./codes.ts";
export { notify } from "./notify.ts";
export { sendCode } from "./send_code.ts";
export { verificationJson } from "./verification_json.ts";
